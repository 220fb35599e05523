"""What the filters of opportunities ask the database."""

from datetime import date

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from p2p.competitors.models import Competitor
from p2p.db import db
from p2p.opportunities.advising.silence import Cutoff
from p2p.opportunities.estimate import CLOSED
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Rival
from p2p.parties.models import Party, fold
from p2p.setup.models import Stage

#: So many parties at most can be meant by words.
MEANT = 200

O = Opportunity  # noqa: E741 (in statements, O reads as the table it is)


def with_words(text: str) -> ColumnElement[bool]:
    """Whether the subject, the number or the name of the party holds these words."""
    like = _like(text)
    parties = select(Party.id).where(Party.name_folded.like(like, escape="\\"))
    words = O.subject_folded.like(like, escape="\\")
    return or_(words, func.lower(O.number).like(like, escape="\\"), O.party_id.in_(parties))


def bid_on_by(competitor_ids: tuple[int, ...]) -> ColumnElement[bool]:
    """Whether any of these competitors bids on it, too."""
    lines = select(Rival.opportunity_id).where(Rival.competitor_id.in_(competitor_ids), Rival.hidden.is_(False))
    return O.id.in_(lines)


def stages_of(process_id: int) -> tuple[int, ...]:
    """The ids of all stages a process ever had."""
    return tuple(db.session.scalars(select(Stage.id).where(Stage.process_id == process_id).order_by(Stage.id)))


def decided(first: date | None, last: date | None) -> ColumnElement[bool]:
    """Whether it is to be decided on one of these days, both included; None where that end is open.

    Asked of the column that the board is ordered by, where no date counts as the last of all days.
    """
    upto = O.order_day <= (last or date(9999, 12, 30))
    return upto if first is None else (O.order_day >= first) & upto


def silent(cutoffs: dict[int, Cutoff], day: date) -> ColumnElement[bool]:
    """Whether it is open, nothing is planned for that day or later, and it is silent for longer than its stage allows.

    `cutoffs`: stage → since when, at the latest.
    """
    quiet = [
        and_(
            O.stage_id == id,
            O.stage_entered_at < since.instant,
            or_(O.touched_at.is_(None), O.touched_at < since.instant),
            or_(O.wake_on.is_(None), O.wake_on < since.day),
        )
        for id, since in cutoffs.items()
    ]
    return and_(O.status.not_in(CLOSED), or_(O.next_on.is_(None), O.next_on < day), or_(false(), *quiet))


def parties_like(text: str) -> tuple[int, ...]:
    """Ids of the parties a typed name means: the one of that very name, else all that contain it (at most 200)."""
    exact = select(Party.id).where(Party.name_folded == fold(text), Party.hidden.is_(False))
    like = select(Party.id).where(Party.name_folded.like(_like(text), escape="\\"), Party.hidden.is_(False))
    return tuple(db.session.scalars(exact)) or tuple(db.session.scalars(like.limit(MEANT)))


def competitors_like(text: str) -> tuple[int, ...]:
    """Ids of the competitors a typed name means, as with parties."""
    rows = select(Competitor.id).join(Party, Party.id == Competitor.party_id).where(Competitor.hidden.is_(False))
    exact = tuple(db.session.scalars(rows.where(Party.name_folded == fold(text))))
    return exact or tuple(db.session.scalars(rows.where(Party.name_folded.like(_like(text), escape="\\")).limit(MEANT)))


def _like(text: str) -> str:
    escaped = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
