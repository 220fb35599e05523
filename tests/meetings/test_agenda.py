"""What a meeting is about: every deal once, under its first reason, with all its reasons told."""

from p2p.db import db
from p2p.meetings.agenda import Agenda, Item
from p2p.meetings.models import Meeting
from p2p.meetings.queries import agenda, previous_to
from p2p.opportunities.models import Opportunity


def test_every_deal_stands_once_under_its_first_reason_in_board_order(deals):
    found = agenda([], previous_to("").until_id)
    named = {id: name for name, id in deals.items()}
    told = [(words, [named[item.id] for item in items]) for words, items in found.agenda.groups()]
    assert told == [
        ("Changed since the last meeting", ["Everything", "Changed"]),
        ("No next step", ["Stepless"]),
        ("Slipping", ["Overdue", "Put off"]),
        ("Closing soon", ["Soon"]),
        ("All others", ["Rolf’s", "Quiet"]),
    ]
    assert found.counts == {"changed": 2, "no_step": 1, "slipping": 2, "soon": 1, None: 2}
    everything = found.agenda.items[0]
    assert everything.reasons == ("changed", "no_step", "slipping")


def test_without_a_meeting_before_nothing_counts_as_changed(deals):
    found = agenda([], None)
    assert found.counts["changed"] == 0
    assert found.counts["no_step"] == 2


def test_it_is_narrowed_as_the_board_is(deals):
    found = agenda([Opportunity.subject_folded == "soon"], None)
    assert found.agenda.ids == [deals["Soon"]]


def test_it_is_compared_with_the_last_meeting_of_the_filter_else_the_last_of_all(deals, rita):
    monday = previous_to("")
    mine = Meeting.begin({"name": "Mine", "asked": "owner=3"}, Agenda(), None, monday.until_id + 1, by=rita)
    assert previous_to("owner=3").name == "Monday"  # the one that runs is none to compare with
    mine.end(monday.until_id + 2, by=rita)
    assert previous_to("owner=3").name == "Mine"
    assert previous_to("").name == "Monday"
    assert previous_to("owner=4").name == "Mine"
    db.session.rollback()


def test_a_meeting_goes_on_behind_the_last_deal_discussed_and_ends_with_those_left_out():
    walk = Agenda(tuple(Item(id, ("soon",)) for id in (1, 2, 3, 4)))
    assert walk.resumes_at(set()) == 1
    assert walk.resumes_at({1, 3}) == 4
    assert walk.resumes_at({1, 4}) == 2
    assert walk.resumes_at({1, 2, 3, 4}) is None
