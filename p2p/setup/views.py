"""Doors of set-up."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, g, request, url_for

from p2p.db import db
from p2p.setup import choices, lists, queries
from p2p.setup.doors import complain, entry_said, fitted, place_of, rows_of, setup
from p2p.setup.editions import Replaced
from p2p.setup.forms import FORMS, BandsForm, CompanyForm
from p2p.setup.models import (
    CODE_LISTS,
    Company,
    Currency,
    Entry,
    InUse,
    NameTaken,
    Overlap,
    Process,
    PrognosisBand,
    Stage,
)
from p2p.setup.steps import TwoInCharge
from p2p.web import asking, changed, found, moved_to, page, refused, repeated, spend_key

#: What the model refuses to take as it was typed.
REFUSALS = (InUse, NameTaken, TwoInCharge)


@setup.get("/")
def index() -> Response:
    """Everything that is set up, each with what it is for and how many entries it has."""
    company = db.session.get_one(Company, 1)
    counts = queries.counts()
    context: dict[str, Any] = {"company_record": company, "counts": counts}
    context["written"] = dict(choices.locales()).get(company.locale, company.locale)
    return page("setup/index.html", live="setup/_index.html", code_lists=CODE_LISTS, **context)


@setup.route("/company", methods=["GET", "POST"])
def company() -> Response:
    """Name, currency, time zone and format of the company."""
    record = db.session.get_one(Company, 1)
    form = CompanyForm(record)
    context = {"form": form, "company_record": record, "fixed": record.keeps_figures()}
    if context["fixed"]:
        del form.currency
    if not form.validate_on_submit():
        return asking("setup/company.html", live="setup/_company.html", **context)
    try:
        record.edit(form.merged_into(record), by=g.user)
    except InUse as error:
        form.form_errors.append(str(error))
        return asking("setup/company.html", live="setup/_company.html", **context)
    db.session.commit()
    return changed(url_for("setup.index"), "The company was saved.")


@setup.get("/lists/<name>")
def show(name: str) -> Response:
    """One plain list: codes, currencies or probabilities."""
    listed = lists.list_of("code", name) or (lists.list_of(name) if name in ("currency", "probability") else None)
    if listed is None:
        abort(404)
    return page("setup/list.html", live="setup/_list.html", **rows_of([listed]), listed=listed)


@setup.get("/reasons")
def reasons() -> Response:
    """The reasons of every outcome."""
    listed = lists.reason_lists()
    return page("setup/reasons.html", live="setup/_reasons.html", **rows_of(listed), lists=listed)


def _entry(noun: str, id: int) -> Entry:
    if noun not in FORMS:
        abort(404)
    entry: Entry = found({kind.noun: kind for kind in lists.KINDS}[noun], id)
    return entry


@setup.route("/entries/<noun>/add", methods=["GET", "POST"], defaults={"within": None})
@setup.route("/entries/<noun>/in/<within>/add", methods=["GET", "POST"])
def add(noun: str, within: str | None) -> Response:
    """A new entry of a list."""
    listed = lists.list_of(noun, within)
    if listed is None:
        abort(404)
    if again := repeated():
        return again
    form = fitted(FORMS[noun][0](), listed)
    context = {"form": form, "listed": listed, "place": place_of(listed)}
    if not form.validate_on_submit():
        return asking("setup/add.html", live="setup/_add.html", **context)
    try:
        entry = _add(listed, form.facts)
    except REFUSALS as error:
        complain(form, error)
        return asking("setup/add.html", live="setup/_add.html", **context)
    place = url_for("setup.process", id=entry.id) if listed.kind is Process else place_of(listed)
    spend_key(place)
    said = entry_said(entry, "was added.", listed.process)
    db.session.commit()
    return moved_to(place, said) if listed.kind is Process else changed(place, said)


def _add(listed: lists.EntryList, facts: dict[str, Any]) -> Entry:
    if listed.kind is Process:
        first = facts.pop("stage"), facts.pop("probability", None)
        return Process.start(facts["name"], *first, kind=listed.within, by=g.user)
    shared = listed.shared | ({"for_leads": True} if lists.explains_leads(listed) else {})
    return listed.kind.add(facts | shared, by=g.user)


@setup.route("/entries/<noun>/<int:id>/edit", methods=["GET", "POST"])
def edit(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    listed = lists.list_with(entry)
    form = fitted(FORMS[noun][1](entry), listed)
    context = {"form": form, "entry": entry, "listed": listed, "place": place_of(listed)}
    context["fixed"] = isinstance(entry, Currency) and entry.is_the_companys
    if not form.validate_on_submit():
        return asking("setup/edit.html", live="setup/_edit.html", **context)
    try:
        entry.edit(form.merged_into(entry), by=g.user)
    except REFUSALS as error:
        complain(form, error)
        return asking("setup/edit.html", live="setup/_edit.html", **context)
    said = entry_said(entry, "was saved.")
    db.session.commit()
    return changed(place_of(listed), said)


@setup.post("/entries/<noun>/<int:id>/<any(up, down):way>")
def move(noun: str, id: int, way: str) -> Response:
    """One place up or down in its list."""
    entry = _entry(noun, id)
    try:
        moved = entry.move_up(by=g.user) if way == "up" else entry.move_down(by=g.user)
    except InUse as error:
        return _kept(entry, error)
    end = "is at the top." if way == "up" else "is at the end."
    said = entry_said(entry, f"was moved {way}." if moved else end)
    db.session.commit()
    return changed(place_of(lists.list_with(entry)), said)


@setup.post("/entries/<noun>/<int:id>/retire")
def retire(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    return _unless_needed(entry, entry.retire, "was retired: menus no longer offer it.")


@setup.post("/entries/<noun>/<int:id>/return")
def bring_back(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    return _unless_needed(entry, entry.bring_back, "is back in the menus.")


@setup.post("/entries/<noun>/<int:id>/delete")
def delete(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    return _unless_needed(entry, entry.delete, "was deleted.", gone=isinstance(entry, Process))


def _unless_needed(entry: Entry, act: Callable[..., None], what: str, *, gone: bool = False) -> Response:
    """Do it, or say why not; `gone`: the page about the entry is gone with it."""
    place = place_of(lists.list_with(entry))
    try:
        act(by=g.user)
    except InUse as error:
        return _kept(entry, error)
    said = entry_said(entry, what)
    db.session.commit()
    return moved_to(place, said) if gone else changed(place, said)


def _kept(entry: Entry, error: InUse) -> Response:
    """Why an entry stays, and what can be done instead."""
    db.session.rollback()
    can_retire = request.endpoint == "setup.delete" and not entry.retired and not isinstance(error, Replaced)
    holds = isinstance(entry, Stage) and not entry.process.versioned and bool(entry.used_by(still_open=True))
    context = {"entry": entry, "error": str(error), "place": place_of(lists.list_with(entry))}
    context |= {"can_retire": can_retire and not holds, "holds": holds}
    return refused("setup/kept.html", live="setup/_kept.html", **context)


@setup.get("/bands")
def bands() -> Response:
    """The prognosis bands as a ruler of days."""
    present = queries.all_bands()
    return page("setup/bands.html", live="setup/_bands.html", bands=present, uses=queries.uses(PrognosisBand))


@setup.route("/bands/edit", methods=["GET", "POST"])
def edit_bands() -> Response:
    """All bands on one form: each starts where the one before ends, so nothing can overlap or leave a gap."""
    present, edition = queries.all_bands(), queries.bands_edition()
    form = BandsForm() if request.method == "POST" else BandsForm.of(present, edition)
    context = {"form": form, "bands": present, "uses": queries.uses(PrognosisBand), "problem": None}
    if not form.validate_on_submit():
        return asking("setup/edit_bands.html", live="setup/_edit_bands.html", **context)
    if form.version.data != str(edition):
        form.catch_up(present, edition)
        return page("setup/edit_bands.html", live="setup/_edit_bands.html", status=409, meanwhile=True, **context)
    try:
        PrognosisBand.redraw(form.drawn, by=g.user)
    except (InUse, NameTaken, Overlap) as error:
        return asking("setup/edit_bands.html", live="setup/_edit_bands.html", **context | {"problem": str(error)})
    db.session.commit()
    return changed(url_for("setup.bands"), "The prognosis bands were saved.")
