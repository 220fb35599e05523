"""The board of a past day is the board that was seen on that day."""

from datetime import timedelta
from itertools import combinations

from p2p.board import queries as present
from p2p.board.addresses import View
from p2p.board.columns import Layout
from p2p.board.heads.queries import Total
from p2p.board.past.comparing import compare
from p2p.board.past.movements import Sum
from p2p.board.past.remembered import kept
from p2p.db import at
from p2p.filters import today
from tests.cast import RITA, ROLF, VERA
from tests.weeks import Weeks

#: What is asked of the board on every day.
ASKED = (
    {},
    {"owner": "nobody"},
    {"text": "press"},
    {"party": "vogt antriebe"},
    {"decide_by": "overdue"},
    {"amount": "1000..3000"},
    {"competitor": "aare foods"},
    {"by": "month", "step": "none"},
    {"by": "owner", "order": "touched", "facts": "touched.weighted"},
    {"by": "prognosis", "order": "amount"},
)


def seen(visitor, **asked):
    """Column → the words of its head and of its cards, as a viewer sees them."""
    visitor.visit("/board", **asked)
    return {
        section.get("id"): [" ".join(part.text_content().split()) for part in section.xpath("./header | .//li")]
        for section in visitor.page.xpath("//section[@class='column']")
    }


def stands(asked):
    """Count, amount and weighted amount on the board at this very moment."""
    narrowed = View.of(asked).narrowed()
    heads = present.heads("stage", narrowed, present.woken(Layout(), narrowed))
    total = sum((head.total(narrowed.get("step")) for head in heads.values()), Total())
    return Sum(total.count, total.revenue, total.weighted)


def test_every_day_is_read_back_as_it_was_seen_and_what_changed_adds_up(as_, user):
    vera, weeks = as_(VERA), Weeks(4, [user(RITA), user(ROLF)])
    boards, figures = {}, {}
    for evening in weeks.days(4, things=9):
        with at(evening):
            for day, asked_on_it in list(boards.items())[:1]:  # what is kept of a day grows with the log
                for asked, board in zip(ASKED, asked_on_it, strict=True):
                    assert seen(vera, as_of=day.isoformat(), **asked) == board, (day, asked, today())
            boards[today()] = [seen(vera, **asked) for asked in ASKED]
            figures[today()] = [stands(asked) for asked in ASKED]
    with at(evening + timedelta(days=3)):
        kept.clear()
        for day, asked_on_it in reversed(boards.items()):
            for asked, board in zip(ASKED, asked_on_it, strict=True):
                assert seen(vera, as_of=day.isoformat(), **asked) == board, (day, asked)
        for (first, opening), (last, closing) in combinations(figures.items(), 2):
            for place, asked in enumerate(ASKED):
                found = compare(first, last, View.of(asked).narrowed)
                assert (found.opening, found.closing) == (opening[place], closing[place]), (first, last, asked)
                moved = sum((effect for _, effect in found.movements.values()), Sum())
                assert opening[place] + moved == closing[place], (first, last, asked, found.movements)
