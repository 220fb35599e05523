"""Doors of activities: what is to be done, and what was."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for
from werkzeug.datastructures import MultiDict

from p2p.activities import queries
from p2p.activities.categories import DIRECTIONS, REMINDERS
from p2p.activities.forms import PLAN, AppendForm, DoneForm, MoveForm, WorkForm, next_plan
from p2p.activities.models import SUBJECTS, Activity
from p2p.db import db
from p2p.filters import the_format, today
from p2p.history import nouns
from p2p.history.wording import place
from p2p.identity.policy import may
from p2p.listing import answer
from p2p.web import changed, changed_and, found, page, refused, repeated, spend_key

activities = Blueprint("activities", __name__)

PER_GROUP = 50


def _subject(noun: str, id: int) -> Any:
    """The present record of a kind that carries activities, else 404."""
    if noun not in SUBJECTS:
        abort(404)
    return found(nouns[noun], id)


def _activity(id: int) -> tuple[Activity, Any]:
    """A present activity and the record it hangs on, which must be present as well."""
    activity: Activity = found(Activity, id)
    return activity, _subject(activity.subject_noun, activity.subject_id)


def _place_of(subject: Any) -> str:
    return place((subject.noun, subject.id), subject.about()) or url_for("activities.index")


@activities.get("/")
def index() -> Response:
    """What is to be done: overdue, today, next, later; mine or everybody's."""
    mine = request.args.get("whose") != "everybody"
    responsible_id = g.user.id if mine else None
    counts = queries.group_counts(today(), responsible_id)
    groups = [
        (name, count, queries.in_group(name, today(), responsible_id, PER_GROUP) if count else [])
        for name, count in counts.items()
    ]
    subjects = queries.subjects(activity for _, _, rows in groups for activity in rows)
    return page(
        "activities/index.html", live="activities/_index.html", mine=mine, groups=groups, subjects=subjects, place=place
    )


@activities.get("/all")
def all() -> Response:
    """Every activity: filter, sort, page, export."""
    return answer(queries.listing(), "activities/all.html", live="activities/_all.html", place=place)


@activities.get("/<int:id>")
def show(id: int) -> Response:
    activity, subject = _activity(id)
    facts: dict[str, Any] = {"activity": activity, "subject": subject, "place": _place_of(subject)}
    words: dict[str, Any] = {"directions": DIRECTIONS, "reminders": REMINDERS}
    return page("activities/show.html", live="activities/_show.html", **facts, **words)


@activities.route("/on/<noun>/<int:id>", methods=["GET", "POST"])
def append(noun: str, id: int) -> Response:
    """Log what was done on a record, or plan what comes next."""
    subject = _subject(noun, id)
    if again := repeated():
        return again
    form = AppendForm(subject)
    context = {"form": form, "subject": subject, "place": _place_of(subject), "inline": "inline" in request.args}
    if request.method != "POST" or form.switches:
        return page("activities/append.html", live="activities/_append_form.html", **context)
    if not form.validate_on_submit():
        return refused("activities/append.html", live="activities/_append_form.html", **context)
    verb = Activity.plan if form.what.data == PLAN else Activity.log
    activity = verb(subject, form.facts, by=g.user)
    message = f"“{activity}” was {'planned' if form.what.data == PLAN else 'logged'}."
    spend_key(_place_of(subject))
    db.session.commit()
    return changed(_place_of(subject), message)


@activities.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    activity, subject = _activity(id)
    form = WorkForm(activity, organizes=may(g.user, "activity.invite", activity))
    context = {"form": form, "activity": activity, "subject": subject}
    if request.method != "POST" or form.switches:
        return page("activities/edit.html", live="activities/_edit.html", **context)
    if not form.validate_on_submit():
        return refused("activities/edit.html", live="activities/_edit.html", **context)
    activity.edit(form.merged_into(activity), by=g.user)
    db.session.commit()
    return changed(url_for("activities.show", id=id), f"“{activity}” was saved.")


@activities.route("/<int:id>/move", methods=["GET", "POST"])
def move(id: int) -> Response:
    """To another day: one click from wherever it is shown, or a date and a time in a form."""
    activity, subject = _activity(id)
    form = MoveForm(activity)
    context = {"form": form, "activity": activity, "subject": subject}
    if request.method != "POST":
        return page("activities/move.html", live="activities/_move.html", **context)
    if not form.validate_on_submit():
        return refused("activities/move.html", live="activities/_move.html", **context)
    activity.move(form.due_on.data, starts=form.starts.data if form.starts else None, by=g.user)
    db.session.commit()
    return changed(_place_of(subject), f"“{activity}” is planned for {the_format().date(activity.due_on)}.")


@activities.route("/<int:id>/done", methods=["GET", "POST"])
def done(id: int) -> Response:
    """Finish an activity; the one door for timeline, list, board and page. The form gives way to the next plan."""
    activity, subject = _activity(id)
    form = DoneForm(activity)
    context = {"form": form, "activity": activity, "subject": subject}
    if request.method != "POST":
        return page("activities/done.html", live="activities/_done.html", **context)
    if not form.validate_on_submit():
        return refused("activities/done.html", live="activities/_done.html", **context)
    outcome_id = form.outcome_id.data if form.outcome_id else None
    activity.finish(outcome_id=outcome_id, note=form.note.data, by=g.user)
    db.session.commit()
    return _what_next(activity, subject)


def _what_next(activity: Activity, subject: Any) -> Response:
    """Offer to plan the next step: in place of the form that finished, else with a link. Where one is planned, no."""
    message = f"“{activity}” is done."
    asked: dict[str, Any] = next_plan(activity)
    url = url_for("activities.append", noun=subject.noun, id=subject.id, **asked)
    if queries.open_on(subject.noun, subject.id):
        return changed(_place_of(subject), message)
    if "note" not in request.form:  # one click, without a form
        return changed(_place_of(subject), message, offer=("Plan the next step", url))
    form = AppendForm(subject, formdata=MultiDict(asked))
    context = {"form": form, "subject": subject, "place": _place_of(subject), "follows": activity}
    return changed_and(url, message, live="activities/_append_form.html", **context)


@activities.post("/<int:id>/reopening")
def reopen(id: int) -> Response:
    """Done after all not: to be done again."""
    activity, subject = _activity(id)
    activity.reopen(by=g.user)
    db.session.commit()
    return changed(_place_of(subject), f"“{activity}” is open again.")


@activities.post("/<int:id>/archive")
def archive(id: int) -> Response:
    activity, _ = _activity(id)
    activity.archive(by=g.user)
    db.session.commit()
    return changed(url_for("activities.show", id=id), f"“{activity}” was archived.")


@activities.post("/<int:id>/restore")
def restore(id: int) -> Response:
    activity, _ = _activity(id)
    activity.restore(by=g.user)
    db.session.commit()
    return changed(url_for("activities.show", id=id), f"“{activity}” was restored.")
