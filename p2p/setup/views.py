"""Doors of set-up."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.db import db
from p2p.forms import rate_text
from p2p.setup import choices, lists, queries
from p2p.setup.entries import told
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
    Reason,
    Stage,
)
from p2p.web import changed, found, page, refused, repeated, spend_key

setup = Blueprint("setup", __name__)
setup.add_app_template_filter(told, "used_by")
setup.add_app_template_filter(rate_text, "rate")


@setup.before_request
def _one_after_another() -> None:
    """Whoever changes set-up waits for whoever was first, before anything is read that the change depends on."""
    if request.method == "POST":
        queries.take_turns()


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
        return _form_again("setup/company.html", "setup/_company.html", **context)
    try:
        record.edit(form.merged_into(record), by=g.user)
    except InUse as error:
        form.form_errors.append(str(error))
        return refused("setup/company.html", live="setup/_company.html", **context)
    db.session.commit()
    return changed(url_for("setup.index"), "The company was saved.")


@setup.get("/lists/<name>")
def show(name: str) -> Response:
    """One plain list: codes, currencies or probabilities."""
    listed = lists.list_of("code", name) or (lists.list_of(name) if name in ("currency", "probability") else None)
    if listed is None:
        abort(404)
    return page("setup/list.html", live="setup/_list.html", **_rows([listed]), listed=listed)


@setup.get("/reasons")
def reasons() -> Response:
    """The reasons of every outcome."""
    listed = lists.reason_lists()
    return page("setup/reasons.html", live="setup/_reasons.html", **_rows(listed), lists=listed)


@setup.get("/processes")
def processes() -> Response:
    """The sales processes with their stages."""
    listed = lists.stage_lists()
    context = _rows([stages for _, stages in listed])
    return page("setup/processes.html", live="setup/_processes.html", lists=listed, **context)


def _rows(listed: list[lists.EntryList]) -> dict[str, Any]:
    """Entries and uses of some lists of one kind, as the tables show them."""
    uses = queries.uses(listed[0].kind) if listed else {}
    entries = {each.within: each.entries() for each in listed}
    return {"entries": entries, "uses": uses, "here": request.path}


def _entry(noun: str, id: int) -> Entry:
    if noun not in FORMS:
        abort(404)
    entry: Entry = found({kind.noun: kind for kind in lists.KINDS}[noun], id)
    return entry


def _place(listed: lists.EntryList) -> str:
    """The page that shows a list."""
    if listed.kind is Reason:
        return url_for("setup.reasons")
    if listed.kind in (Process, Stage):
        return url_for("setup.processes")
    return url_for("setup.show", name=listed.within or listed.key)


def _form_again(template: str, live: str, **context: Any) -> Response:
    """The form as it is first shown, or with what is wrong with it."""
    return (refused if request.method == "POST" else page)(template, live=live, **context)


def _complain(form: Any, error: Exception) -> None:
    """Say at the field, or at the head of the form, why the model refused."""
    field = next((form[name] for name in ("name", "percent") if name in form), None)
    if isinstance(error, NameTaken) and field is not None:
        field.errors = [*field.errors, str(error)]
    else:
        form.form_errors.append(str(error))


@setup.route("/entries/<noun>/add", methods=["GET", "POST"], defaults={"within": None})
@setup.route("/entries/<noun>/in/<within>/add", methods=["GET", "POST"])
def add(noun: str, within: str | None) -> Response:
    """A new entry of a list."""
    listed = lists.list_of(noun, within)
    if listed is None:
        abort(404)
    if again := repeated():
        return again
    form = FORMS[noun][0]()
    form.next.data = form.next.data or _place(listed)
    if hasattr(form, "of"):
        form.of(listed)
    context = {"form": form, "listed": listed, "place": _place(listed)}
    if not form.validate_on_submit():
        return _form_again("setup/add.html", "setup/_add.html", **context)
    try:
        entry = _add(listed, form.facts)
    except NameTaken as error:
        _complain(form, error)
        return refused("setup/add.html", live="setup/_add.html", **context)
    spend_key(_place(listed))
    db.session.commit()
    return changed(_place(listed), f"“{entry}” was added.")


def _add(listed: lists.EntryList, facts: dict[str, Any]) -> Entry:
    if listed.kind is Process:
        return Process.start(facts["name"], facts["stage"], facts["probability"], kind=listed.within, by=g.user)
    shared = listed.shared | ({"for_leads": True} if lists.explains_leads(listed) else {})
    return listed.kind.add(facts | shared, by=g.user)


@setup.route("/entries/<noun>/<int:id>/edit", methods=["GET", "POST"])
def edit(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    listed = lists.list_with(entry)
    form = FORMS[noun][1](entry)
    form.next.data = form.next.data or _place(listed)
    if hasattr(form, "of"):
        form.of(listed)
    context = {"form": form, "entry": entry, "listed": listed, "place": _place(listed)}
    context["fixed"] = isinstance(entry, Currency) and entry.is_the_companys
    if not form.validate_on_submit():
        return _form_again("setup/edit.html", "setup/_edit.html", **context)
    try:
        entry.edit(form.merged_into(entry), by=g.user)
    except (InUse, NameTaken) as error:
        _complain(form, error)
        return refused("setup/edit.html", live="setup/_edit.html", **context)
    db.session.commit()
    return changed(_place(listed), f"“{entry}” was saved.")


@setup.post("/entries/<noun>/<int:id>/<any(up, down):way>")
def move(noun: str, id: int, way: str) -> Response:
    """One place up or down in its list."""
    entry = _entry(noun, id)
    moved = entry.move_up(by=g.user) if way == "up" else entry.move_down(by=g.user)
    db.session.commit()
    end = "at the top" if way == "up" else "at the end"
    return changed(_place(lists.list_with(entry)), f"“{entry}” {f'was moved {way}' if moved else f'is {end}'}.")


@setup.post("/entries/<noun>/<int:id>/retire")
def retire(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    try:
        entry.retire(by=g.user)
    except InUse as error:
        return _kept(entry, error)
    db.session.commit()
    return changed(_place(lists.list_with(entry)), f"“{entry}” was retired: menus no longer offer it.")


@setup.post("/entries/<noun>/<int:id>/return")
def bring_back(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    entry.bring_back(by=g.user)
    db.session.commit()
    return changed(_place(lists.list_with(entry)), f"“{entry}” is back in the menus.")


@setup.post("/entries/<noun>/<int:id>/delete")
def delete(noun: str, id: int) -> Response:
    entry = _entry(noun, id)
    place = _place(lists.list_with(entry))
    try:
        entry.delete(by=g.user)
    except InUse as error:
        return _kept(entry, error)
    db.session.commit()
    return changed(place, f"“{entry}” was deleted.")


def _kept(entry: Entry, error: InUse) -> Response:
    """Why an entry stays, and what can be done instead."""
    db.session.rollback()
    can_retire = request.endpoint == "setup.delete" and not entry.retired
    holds = isinstance(entry, Stage) and bool(entry.used_by(still_open=True))
    context = {"entry": entry, "error": str(error), "place": _place(lists.list_with(entry))}
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
        return _form_again("setup/edit_bands.html", "setup/_edit_bands.html", **context)
    if form.version.data != str(edition):
        form.catch_up(present, edition)
        return page("setup/edit_bands.html", live="setup/_edit_bands.html", status=409, meanwhile=True, **context)
    try:
        PrognosisBand.redraw(form.drawn, by=g.user)
    except (InUse, NameTaken, Overlap) as error:
        return refused("setup/edit_bands.html", live="setup/_edit_bands.html", **context | {"problem": str(error)})
    db.session.commit()
    return changed(url_for("setup.bands"), "The prognosis bands were saved.")
