"""When somebody else writes for too long: the text is kept, and sent again."""

from datetime import timedelta

from sqlalchemy import select

from p2p.activities import views
from p2p.activities.models import Activity
from p2p.db import db
from p2p.engine import Busy
from p2p.filters import today
from p2p.parties.models import Party
from tests.cast import RITA


def busy(*args, **kw):
    raise Busy


def test_what_was_typed_waits_on_the_page_and_is_sent_again(as_, user, monkeypatch):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    activity = Activity.plan(party, {"purpose": "Call", "due_on": today() + timedelta(1)}, by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit(f"/activities/{activity.id}/edit")
    rita.fill({"What": "Call Ms Vogt", "Notes": "Line one\nLine “two” <b>"})
    with monkeypatch.context() as patched:
        patched.setattr(views.Activity, "edit", busy)
        rita.submit("Save", expect=503)
    assert "Nothing of yours was saved yet" in rita.text
    assert "Call Ms Vogt" in rita.text
    rita.press("Send it again")
    db.session.expire_all()
    saved = db.session.scalars(select(Activity)).one()
    assert (saved.purpose, saved.notes.replace("\r", "")) == ("Call Ms Vogt", "Line one\nLine “two” <b>")


def test_a_form_without_fields_is_sent_again_too(as_, user, monkeypatch):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    activity = Activity.plan(party, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    rita = as_(RITA).visit("/activities/")
    with monkeypatch.context() as patched:
        patched.setattr(views.Activity, "finish", busy)
        rita.press("Done “Call”", expect=503)
    rita.press("Send it again")
    db.session.expire_all()
    assert db.session.get(Activity, activity.id).status == "done"


def test_htmx_says_so_and_leaves_the_form_alone(as_, user, monkeypatch):
    party = Party.enter({"name": "Vogt Antriebe"}, by=user(RITA))
    Activity.plan(party, {"purpose": "Call", "due_on": today()}, by=user(RITA))
    db.session.commit()
    rita = as_(RITA, htmx=True).visit("/activities/")
    monkeypatch.setattr(views.Activity, "finish", busy)
    rita.press("Done “Call”", expect=503)
    assert "try again in a moment" in rita.toast
    assert "Done “Call”" in rita.buttons
