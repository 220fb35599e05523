"""The ruler of prognosis bands in the browser."""

import pytest

from p2p.db import db
from p2p.setup.queries import bands
from tests.cast import ADA, MAX

PLAIN_AND_HTMX = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


def shown(visitor) -> list[str]:
    return [f"{row['Name']} {row['From day']}–{row['To day']}" for row in visitor.table("Bands")]


def test_the_ruler_shows_every_day_once(as_):
    visitor = as_(MAX).visit("/setup/bands")
    assert shown(visitor)[0] == "Within a month 0–30"
    assert shown(visitor)[-1] == "Over a year 366–open"
    assert "does not rewrite" in visitor.text


@PLAIN_AND_HTMX
def test_a_band_is_added_by_its_last_day_alone(as_, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/bands").click("Edit bands")
    visitor.fill({"Name of new band": "This week", "Last day of new band": "6"}).submit("Save")
    assert "were saved" in visitor.toast
    assert shown(visitor)[:2] == ["This week 0–6", "Within a month 7–30"]


@PLAIN_AND_HTMX
def test_a_band_goes_and_its_neighbour_takes_its_days(as_, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/bands").click("Edit bands")
    visitor.fill({"Where band 2 goes": "Removed"}).submit("Save")
    assert shown(visitor)[1] == "4–6 months 31–180"


@PLAIN_AND_HTMX
def test_what_would_not_fit_is_refused_in_words(as_, htmx):
    visitor = as_(MAX, htmx=htmx).visit("/setup/bands").click("Edit bands")
    visitor.fill({"Last day of band 2": "30"}).submit("Save", expect=422)
    assert "Two bands end on day 30" in visitor.text
    assert visitor.value("Last day of band 2") == "30"
    visitor.fill({"Last day of band 2": ""}).submit("Save", expect=422)
    assert "Only the last band may be open" in visitor.text
    visitor.fill({"Last day of band 2": "many"}).submit("Save", expect=422)
    visitor.fill({"Last day of band 2": "60", "Last day of band 5": "999"}).submit("Save", expect=422)
    assert "last band must be open" in visitor.text
    visitor.fill({"Last day of band 5": "", "Name of band 1": " "}).submit("Save", expect=422)
    assert "Please give a name" in visitor.errors["Name of band 1"]
    visitor.fill({"Name of band 1": "over a year"}).submit("Save", expect=422)
    assert "Two bands are called" in visitor.text
    db.session.expire_all()
    assert [band.to_days for band in bands()] == [30, 90, 180, 365, None]


@PLAIN_AND_HTMX
def test_a_used_band_is_retired_and_brought_back(as_, user, opportunity, htmx):
    opportunity.forecast({"prognosis_id": bands()[1].id}, by=user(MAX))
    db.session.commit()
    kept = (opportunity.window_from, opportunity.window_to)
    visitor = as_(MAX, htmx=htmx).visit("/setup/bands").click("Edit bands")
    visitor.fill({"Where band 2 goes": "Removed"}).submit("Save", expect=422)
    assert "used by 1 opportunity" in visitor.text
    visitor.fill({"Where band 2 goes": "Retired"}).submit("Save")
    assert shown(visitor)[1] == "4–6 months 31–180"
    assert "used by 1 opportunity" in visitor.text
    db.session.refresh(opportunity)
    assert (opportunity.window_from, opportunity.window_to) == kept
    visitor.click("Edit bands").fill({"Where band 5 goes": "Ruler"}).submit("Save")
    assert shown(visitor)[1] == "2–3 months 31–90"


@PLAIN_AND_HTMX
def test_two_people_who_draw_the_ruler_meet(as_, htmx):
    first, second = as_(MAX, htmx=htmx), as_(ADA, htmx=htmx)
    for visitor in (first, second):
        visitor.visit("/setup/bands").click("Edit bands")
    first.fill({"Name of new band": "This week", "Last day of new band": "6"}).submit("Save")
    second.fill({"Name of band 2": "A quarter"}).submit("Save", expect=409)
    assert "This week: 0–6" in second.text
    assert second.value("Name of band 2") == "A quarter"
    second.submit("Save")
    assert shown(second)[:3] == ["This week 0–6", "Within a month 7–30", "A quarter 31–90"]


def test_a_band_left_out_of_the_form_stays_on_the_ruler(as_):
    visitor = as_(MAX).visit("/setup/bands").click("Edit bands")
    sent = {name: value for name, value in visitor.form("Prognosis bands").data() if not name.startswith("rows-1-")}
    visitor.post("/setup/bands/edit", sent, expect=422)
    assert "“2–3 months” is missing" in visitor.text
