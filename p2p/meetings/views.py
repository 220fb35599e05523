"""Doors of meetings: the list, beginning one, walking its deals, the minutes."""

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.activities.queries import open_on
from p2p.db import db
from p2p.history.standing import tell_clashes
from p2p.listing import answer
from p2p.meetings import asked, queries, walking
from p2p.meetings.forms import BeginForm, DiscussForm, Meanwhile, MeetingForm, PointForm
from p2p.meetings.listing import listing
from p2p.meetings.minutes import markdown, minutes
from p2p.meetings.models import Meeting, Point
from p2p.opportunities.advising.advice import advice_about
from p2p.opportunities.models import Opportunity
from p2p.states import IllegalMove
from p2p.views import edited, form_page
from p2p.web import changed, found, moved_to, page, repeated, spend_key

meetings = Blueprint("meetings", __name__)


def _address(id: int) -> str:
    return url_for("meetings.show", id=id)


@meetings.get("/")
def index() -> Response:
    """All meetings, and those that run."""
    return answer(listing(), "meetings/index.html", live="meetings/_index.html", running=queries.running())


@meetings.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Begin a meeting over the filter of an address; until then, what it would talk about."""
    if again := repeated():
        return again
    form = BeginForm()
    filter = asked.kept(dict(parse_qsl(form.asked.data or "")) if form.is_submitted() else request.args)
    previous = queries.previous_to(filter)
    agenda = queries.agenda(asked.narrowed(filter).conditions(), previous.until_id if previous else None)
    if not form.validate_on_submit():
        form.suggest(filter, previous, not any(item.reasons for item in agenda.agenda.items))
        return _begin_page(form, filter, previous, agenda)
    facts = form.facts | {"asked": filter}
    meeting = Meeting.begin(facts, agenda.agenda, previous, queries.last_operation(), by=g.user)
    spend_key(_address(meeting.id))
    first = meeting.walk.next_open(set())
    location = url_for("meetings.deal", id=meeting.id, deal_id=first) if first else _address(meeting.id)
    db.session.commit()
    return moved_to(location, f"{meeting} began.")


def _begin_page(form: BeginForm, filter: str, previous: Meeting | None, agenda: queries.Found) -> Response:
    context: dict[str, Any] = {
        "form": form,
        "counts": agenda.counts,
        "agenda": agenda.agenda,
        "previous": previous,
        "same": bool(previous and previous.asked == filter),
        "filter_words": asked.words(filter),
        "board_url": asked.board_url(filter),
        "deals": queries.lines(agenda.agenda.ids),
    }
    return page("meetings/new.html", status=422 if form.is_submitted() else 200, **context)


@meetings.get("/<int:id>")
def show(id: int) -> Response:
    """The minutes so far, and what is still to be talked about."""
    meeting = found(Meeting, id)
    context = {"meeting": meeting, "minutes": minutes(meeting), "filter_words": asked.words(meeting.asked)}
    context |= {"board_url": asked.board_url(meeting.asked)}
    if meeting.status == "running":
        context["goes_on"] = queries.walk(meeting).resumes_at(queries.discussed(id))
    return page("meetings/show.html", live="meetings/_show.html", **context)


@meetings.get("/<int:id>/minutes.md")
def minutes_file(id: int) -> Response:
    """The minutes as a text file."""
    meeting = found(Meeting, id)
    written = markdown(minutes(meeting), asked.words(meeting.asked))
    told = Response(written, content_type="text/markdown; charset=utf-8")
    told.headers["Content-Disposition"] = f'attachment; filename="minutes-{meeting.held_on}-{id}.md"'
    return told


@meetings.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """What it is called, when it was held, who was there, and whether it walks all deals."""
    meeting = found(Meeting, id)
    return edited(meeting, MeetingForm(meeting), f"Edit meeting {meeting}")


@meetings.post("/<int:id>/end")
def end(id: int) -> Response:
    """It is over: these are the minutes."""
    meeting = found(Meeting, id)
    meeting.end(queries.last_operation(), by=g.user)
    db.session.commit()
    return moved_to(_address(id), f"{meeting} ended. These are the minutes.")


@meetings.post("/<int:id>/reopening")
def reopen(id: int) -> Response:
    """It goes on after all."""
    meeting = found(Meeting, id)
    meeting.reopen(by=g.user)
    db.session.commit()
    return moved_to(_address(id), f"{meeting} goes on.")


# ── One deal at a time ──────────────────────────────────────────────────────────────────────────────────────────────


def _on_agenda(id: int, deal_id: int) -> tuple[Meeting, Opportunity]:
    """A meeting and a deal of its agenda, else 404."""
    meeting, deal = found(Meeting, id), found(Opportunity, deal_id)
    if deal_id not in {each for each, _ in meeting.agenda}:
        abort(404)
    return meeting, deal


@meetings.get("/<int:id>/deals/<int:deal_id>")
def deal(id: int, deal_id: int) -> Response:
    """One deal of the agenda: how it stands, what changed, and the form of what is decided."""
    meeting, deal = _on_agenda(id, deal_id)
    return _deal_page(meeting, deal, DiscussForm(deal, queries.point_on(id, deal_id)))


@meetings.post("/<int:id>/deals/<int:deal_id>/discussion")
def discuss(id: int, deal_id: int) -> Response:
    """What was decided, and what changes: one operation; then the next deal."""
    meeting, deal = _on_agenda(id, deal_id)
    if again := repeated():
        return again
    form = DiscussForm(deal, queries.point_on(id, deal_id))
    if not form.validate_on_submit():
        return _deal_page(meeting, deal, form, status=422)
    try:
        said, steering = form.merged()
        Point.discuss(meeting, deal, said, steering=steering, step=form.step, by=g.user)
    except Meanwhile as meanwhile:
        return _both_values(id, deal_id, meanwhile)
    except IllegalMove as refusal:
        return _deal_page(meeting, deal, form, status=409, message=str(refusal))
    location, message = walking.behind(meeting, deal_id), f"{deal} was discussed."
    spend_key(location)
    db.session.commit()
    return moved_to(location, message)


def _both_values(id: int, deal_id: int, meanwhile: Meanwhile) -> Response:
    """409: what was typed stays, what somebody else made of it stands beside; sending it again decides."""
    clashes = [clash for conflict in meanwhile.conflicts for clash in tell_clashes(conflict.record, conflict.clashes)]
    db.session.rollback()
    meeting, deal = _on_agenda(id, deal_id)
    form = DiscussForm(deal, queries.point_on(id, deal_id))
    form.take_over()
    return _deal_page(meeting, deal, form, status=409, clashes=clashes)


def _deal_page(
    meeting: Meeting, deal: Opportunity, form: DiscussForm, *, status: int = 200, **context: Any
) -> Response:
    if status != 200:
        db.session.rollback()
    context |= {"form": form} | walking.context(meeting, deal)
    context |= {"planned": open_on(deal.noun, deal.id), "done": queries.last_done(deal)}
    context |= {"advice": advice_about(deal)}
    return page("meetings/deal.html", live="meetings/_deal.html", status=status, **context)


@meetings.route("/<int:id>/points/<int:point_id>/edit", methods=["GET", "POST"])
def correct(id: int, point_id: int) -> Response:
    """Put right what the minutes say of a deal."""
    meeting, point = found(Meeting, id), found(Point, point_id)
    if point.meeting_id != meeting.id:
        abort(404)
    form = PointForm(point)
    if not form.validate_on_submit():
        return form_page(form, f"Correct the minutes of {point}", "Save", _address(id))
    point.edit(form.merged_into(point), by=g.user)
    said = f"The minutes of {point} were corrected."
    db.session.commit()
    return changed(_address(id), said)
