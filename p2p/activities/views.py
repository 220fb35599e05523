"""Doors of activities: what is to be done, and what was."""

from typing import Any

from flask import Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from p2p.activities import queries
from p2p.activities.categories import DIRECTIONS, REMINDERS
from p2p.activities.days import told
from p2p.activities.doors import activities, place_of, the_activity, the_subject
from p2p.activities.forms import PLAN, AppendForm, DoneForm, MoveForm, WorkForm, next_plan
from p2p.activities.models import Activity
from p2p.db import db
from p2p.errors import problem
from p2p.filters import the_format
from p2p.history.wording import place
from p2p.identity.policy import may
from p2p.listing import answer
from p2p.web import asking, changed, changed_and, heard, page, refused, repeated, spend_key


@activities.get("/all")
def all() -> Response:
    """Every activity: filter, sort, page, export."""
    return answer(queries.listing(g.user.id), "activities/all.html", live="activities/_all.html", place=place)


@activities.get("/<int:id>")
def show(id: int) -> Response:
    activity, subject = the_activity(id)
    facts: dict[str, Any] = {"activity": activity, "subject": subject, "place": place_of(subject)}
    words: dict[str, Any] = {"directions": DIRECTIONS, "reminders": REMINDERS}
    return page("activities/show.html", live="activities/_show.html", **facts, **words)


@activities.route("/on/<noun>/<int:id>", methods=["GET", "POST"])
def append(noun: str, id: int) -> Response:
    """Log what was done on a record, or plan what comes next."""
    subject = the_subject(noun, id)
    if again := repeated():
        return again
    form = AppendForm(subject)
    context = {"form": form, "subject": subject, "place": place_of(subject), "inline": "inline" in request.args}
    if request.method != "POST" or form.switches:
        return page("activities/append.html", live="activities/_append_form.html", **context)
    if not form.validate_on_submit():
        return refused("activities/append.html", live="activities/_append_form.html", **context)
    verb = Activity.plan if form.what.data == PLAN else Activity.log
    activity = verb(subject, form.facts, by=g.user)
    message = f"“{activity}” was {f'planned for {told(activity.due_on)}' if verb == Activity.plan else 'logged'}."
    spend_key(place_of(subject))
    db.session.commit()
    return changed(place_of(subject), message)


@activities.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    activity, subject = the_activity(id)
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
    activity, subject = the_activity(id)
    form = MoveForm(activity)
    if not form.validate_on_submit():
        context = {"form": form, "activity": activity, "subject": subject}
        return asking("activities/move.html", live="activities/_move.html", **context)
    if form.moved_since(activity):
        said = f"“{activity}” was moved by somebody else meanwhile: it is planned for"
        return heard(problem(409, "Look again", f"{said} {the_format().date(activity.due_on)} now."), stay=True)
    activity.move(form.due_on.data, starts=form.starts.data if form.starts else None, by=g.user)
    db.session.commit()
    return changed(place_of(subject), f"“{activity}” is planned for {the_format().date(activity.due_on)}.")


@activities.route("/<int:id>/done", methods=["GET", "POST"])
def done(id: int) -> Response:
    """Finish an activity; the one door for timeline, list, board and page. The form gives way to the next plan."""
    activity, subject = the_activity(id)
    form = DoneForm(activity)
    if not form.validate_on_submit():
        context = {"form": form, "activity": activity, "subject": subject}
        return asking("activities/done.html", live="activities/_done.html", **context)
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
        return changed(place_of(subject), message)
    if "note" not in request.form:  # one click, without a form
        return changed(place_of(subject), message, offer=("Plan the next step", url))
    form = AppendForm(subject, formdata=MultiDict(asked))
    context = {"form": form, "subject": subject, "place": place_of(subject), "follows": activity}
    return changed_and(url, message, live="activities/_append_form.html", **context)


@activities.post("/<int:id>/reopening")
def reopen(id: int) -> Response:
    """Done after all not: to be done again."""
    activity, subject = the_activity(id)
    activity.reopen(by=g.user)
    db.session.commit()
    return changed(place_of(subject), f"“{activity}” is open again.")


@activities.post("/<int:id>/archive")
def archive(id: int) -> Response:
    activity, _ = the_activity(id)
    activity.archive(by=g.user)
    db.session.commit()
    return changed(url_for("activities.show", id=id), f"“{activity}” was archived.")


@activities.post("/<int:id>/restore")
def restore(id: int) -> Response:
    activity, _ = the_activity(id)
    activity.restore(by=g.user)
    db.session.commit()
    return changed(url_for("activities.show", id=id), f"“{activity}” was restored.")
