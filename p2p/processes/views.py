"""Doors of what runs through a process: its checklist, and what is done in it."""

from typing import Any

from flask import Blueprint, Response, abort, g

from p2p.db import db
from p2p.history import nouns
from p2p.history.wording import place
from p2p.processes import queries, running
from p2p.processes.checklist import Checklist, Item
from p2p.processes.forms import PROCESS_FORMS, StageForm
from p2p.setup.models import Stage
from p2p.web import asking, changed, found, page

processes = Blueprint("processes", __name__)


def _followed(noun: str, id: int) -> tuple[Any, Checklist]:
    """A record and its checklist, else 404."""
    if not queries.runs_through_stages(noun):
        abort(404)
    record = found(nouns[noun], id)
    followed = queries.checklist(record)
    if followed is None:
        abort(404)
    return record, followed


def _item(followed: Checklist, step_id: int) -> Item:
    item = followed.item(step_id)
    if item is None:
        abort(404)
    return item


def _address(record: Any) -> str:
    return place((record.noun, record.id)) or "/"


def _form_about(record: Any, form: Any, title: str, action: str) -> Response:
    context = {"form": form, "record": record, "title": title, "action": action, "place": _address(record)}
    return asking("processes/form.html", live="processes/_form.html", **context)


@processes.get("/<noun>/<int:id>")
def show(noun: str, id: int) -> Response:
    """The stages of its process with their steps: what is done, what is planned, what is required."""
    record, followed = _followed(noun, id)
    context = {"record": record, "checklist": followed, "place": _address(record)}
    return page("processes/show.html", live="processes/_checklist.html", **context)


@processes.post("/<noun>/<int:id>/steps/<int:step_id>/done")
def tick(noun: str, id: int, step_id: int) -> Response:
    """A step is done: its planned activity is finished, or one is logged."""
    record, followed = _followed(noun, id)
    item = _item(followed, step_id)
    running.tick(record, item, by=g.user)
    db.session.commit()
    return changed(_address(record), f"“{item.step}” is done.")


@processes.post("/<noun>/<int:id>/steps/<int:step_id>/open")
def untick(noun: str, id: int, step_id: int) -> Response:
    """A step is not done after all."""
    record, followed = _followed(noun, id)
    item = _item(followed, step_id)
    running.untick(item, by=g.user)
    db.session.commit()
    return changed(_address(record), f"“{item.step}” is open again.")


@processes.post("/<noun>/<int:id>/plan")
def plan(noun: str, id: int) -> Response:
    """Plan the steps of its present stage that nothing is planned for."""
    record, _ = _followed(noun, id)
    planned = running.plan_present(record, by=g.user)
    db.session.commit()
    told = ", ".join(f"“{activity}”" for activity in planned) or "Nothing was left to plan, so nothing"
    return changed(_address(record), f"{told} was planned.")


@processes.route("/<any(lead, opportunity):noun>/<int:id>/process", methods=["GET", "POST"])
def follow(noun: str, id: int) -> Response:
    """Another process, from its first stage on; a lead may follow none."""
    record = found(nouns[noun], id)
    form = PROCESS_FORMS[noun](record)
    if not form.validate_on_submit():
        return _form_about(record, form, "Process", "Follow it")
    if form.merged_into(record):
        record.follow(form.chosen, by=g.user)
    said = f"{record} follows {record.process} now." if record.process else f"{record} follows no process any more."
    db.session.commit()
    return changed(_address(record), said)


@processes.route("/<noun>/<int:id>/stage", methods=["GET", "POST"])
def move(noun: str, id: int) -> Response:
    """To another stage of its process."""
    record, followed = _followed(noun, id)
    form = StageForm(record, followed)
    if not form.validate_on_submit():
        return _form_about(record, form, "Stage", "Move")
    if form.merged_into(record):
        record.move(db.session.get_one(Stage, form.stage_id.data), by=g.user)
    said = running.told(record)
    db.session.commit()
    return changed(_address(record), said)
