"""Questions behind the list of leads."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, union
from sqlalchemy.orm import aliased

from p2p.db import db
from p2p.filters import today
from p2p.identity.models import User
from p2p.leads.indexes import MAY_BE_NEW, NOT_CLOSED
from p2p.leads.models import Lead
from p2p.parties.models import Party, fold
from p2p.setup.models import Code, Reason

Owner, Rating, Priority, Source, Kind = aliased(User), aliased(Code), aliased(Code), aliased(Code), aliased(Code)
#: Behind every letter there is, so that what begins with a text lies between the text and itself with this.
LAST = "\U0010ffff"


def listed() -> Select[Any]:
    """The present leads as a list needs them: joined to party, owner, codes and reason."""
    ids: tuple[Any, ...] = (Lead.id.label("id"), Lead.version, Lead.party_id, Lead.owner_id)
    rows: Select[Any] = select(
        *ids, Lead.rating_id, Lead.priority_id, Lead.wake_on, Lead.converted, Reason.name.label("reason")
    )
    rows = rows.select_from(Lead).outerjoin(Party, Party.id == Lead.party_id)
    rows = rows.outerjoin(Owner, Owner.id == Lead.owner_id).outerjoin(Reason, Reason.id == Lead.reason_id)
    for code, column in ((Rating, Lead.rating_id), (Priority, Lead.priority_id), (Source, Lead.source_id)):
        rows = rows.outerjoin(code, code.id == column)
    return rows.outerjoin(Kind, Kind.id == Lead.type_id).where(Lead.hidden.is_(False))


def who() -> ColumnElement[str]:
    """Whoever is interested, as far as that is known (`Lead.who`)."""
    return func.coalesce(Party.name, Lead.company_name, Lead.person_name)


def active() -> ColumnElement[bool]:
    """`is_open`, spelled so that the index of what is not closed serves it."""
    return and_(literal_column(f"lead.{NOT_CLOSED}"), or_(Lead.status == "open", Lead.wake_on <= today()))


def unworked() -> ColumnElement[bool]:
    """Active, and nobody logged anything on it yet; again spelled as its index is."""
    awake = or_(Lead.status == "open", Lead.wake_on <= today())
    return and_(literal_column(f"lead.{MAY_BE_NEW}"), awake, Lead.worked.is_(False))


def asleep() -> ColumnElement[bool]:
    """Postponed until a day that has not come."""
    return and_(Lead.status == "postponed", Lead.wake_on > today())


def waking() -> ColumnElement[bool]:
    """Postponed until today."""
    return and_(Lead.status == "postponed", Lead.wake_on == today())


def _begins(column: Any, words: str) -> ColumnElement[bool]:
    """Whether a column begins with these words, put so that its index answers."""
    if db.engine.dialect.name == "sqlite":
        return and_(column >= words, column <= words + LAST)
    begins: ColumnElement[bool] = column.startswith(words, autoescape=True)
    return begins


def with_words(typed: str) -> ColumnElement[bool]:
    """Leads whose subject, company, person, party or number begins with what was typed."""
    words = fold(typed)
    columns = (Lead.subject_folded, Lead.company_folded, Lead.person_folded)
    found = [select(Lead.id).where(_begins(column, words)) for column in columns]
    found.append(select(Lead.id).join(Party, Party.id == Lead.party_id).where(_begins(Party.name_folded, words)))
    found.append(select(Lead.id).where(Lead.number == typed.upper()))
    return Lead.id.in_(union(*found))
