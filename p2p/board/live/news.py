"""What colleagues did since a board was drawn: a line each, and the cards it is about."""

from dataclasses import dataclass

from flask import Response, g, render_template, request

from p2p.history import queries, telling
from p2p.history.told import Told
from p2p.history.wording import NAME_FIRST, uncapitalized
from p2p.opportunities.models import Opportunity
from p2p.web import wants_part

#: So much is told at once; who was away longer looks into the history.
MOST = 5
#: The fields that say where a card is now.
PLACES = {"stage": " to {}", "probability": " at {}", "owner": ": owner {}", "prognosis": ": {}"}


@dataclass(frozen=True)
class News:
    """One thing a colleague did, in a sentence, and the ids of the cards it is about."""

    words: str
    cards: list[int]


def with_news(answer: Response) -> Response:
    """A board that was fetched again also says what others did since the state it was drawn from."""
    drawn_from = request.headers.get("HX-PTag", "").partition(".")[0]
    if wants_part() and drawn_from.isdecimal() and len(drawn_from) < 16:
        news = since(int(drawn_from), g.user.id)
        if news:
            answer.set_data(answer.get_data() + render_template("board/_news.html", news=news).encode())
    return answer


def since(operation_id: int, me: int) -> list[News]:
    """What others did to opportunities after an operation, latest first."""
    rows = queries.by_others_after(operation_id, me, MOST)
    ids = [row.id for row in rows]
    if not rows:
        return []
    told = telling.tell(rows, queries.first_changes(ids, MOST), counted=queries.counts(ids))
    return [News(_words(each), cards) for each in told if (cards := _cards(each))]


def _cards(told: Told) -> list[int]:
    return sorted({id for keys in told.about for noun, id in keys if noun == Opportunity.noun})


def _words(told: Told) -> str:
    """“Max Keller moved Robot cell to Propose”."""
    title = told.title if told.root_verb.startswith(NAME_FIRST) else uncapitalized(told.title)
    said = f"{told.who}: {title}" if told.root_verb.startswith(NAME_FIRST) else f"{told.who} {title}"
    changed = [change for change in told.lines if change.kind == "changed" and change.noun == Opportunity.noun]
    if len(changed) != 1 or told.undoes_id is not None:
        return said
    places = [PLACES[field.label].format(field.after) for field in changed[0].fields if field.label in PLACES]
    return "".join([said, *places[:1]])
