"""Every page in a real browser: axe finds nothing, light and dark, wide and narrow, and nothing sticks out sideways."""

import pytest
from flask import url_for

from p2p.db import db
from tests import world
from tests.browser import axe, settle
from tests.cast import ADA, PASSWORD
from tests.doors import DOORS, EVERYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Doors whose GET is no page: files, redirects, answers for type-ahead, and those of other people.
NO_PAGES = {
    "static",
    "health",
    "board.home",
    "parties.names",
    "identity.first_visit",
    "exchange.problems",
    "contacts.names",
    "leads.likely",
    "search.choices",
    "attachments.file",
    "vcards.show",
    "vcards.index",
    "meetings.minutes_file",
    "choosing.export",
}


def addresses(app, made) -> list[str]:
    """The address of every page there is, for the administrator."""
    found = []
    for rule in app.url_map.iter_rules():
        door = DOORS.get(rule.endpoint)
        if door is None or rule.endpoint in NO_PAGES or "GET" not in rule.methods or door.may == EVERYBODY:
            continue
        with app.test_request_context():
            found.append(url_for(rule.endpoint, **door.address(made)))
    return sorted(set(found))


@pytest.mark.parametrize(("width", "scheme"), [(1360, "light"), (390, "dark")])
def test_axe_finds_nothing_on_any_page(app, live_server, new_page, width, scheme):
    made = world.build()
    pages = addresses(app, made)
    db.session.remove()
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto(f"{live_server}/sign-in")
    complaints = [f"/sign-in: {told}" for told in axe(page)]
    page.get_by_label("E-mail").fill(ADA.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/board")
    for address in pages:
        answer = page.goto(live_server + address)
        if not answer or answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        settle(page)
        complaints += [f"{address}: {told}" for told in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints.append(f"{address}: sticks out sideways")
    assert not complaints, "\n".join(complaints)
