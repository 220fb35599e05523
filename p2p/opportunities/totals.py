"""Running totals of what is live, per stage and owner, kept by triggers: the board never counts what it need not."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import Base


class StageTotal(Base):
    """Count, revenue and weighted revenue of the live opportunities of one stage and owner (0: nobody)."""

    __tablename__ = "stage_total"
    __table_args__ = {"sqlite_strict": True}

    stage_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    revenue: Mapped[int] = mapped_column(BigInteger)
    weighted: Mapped[int] = mapped_column(BigInteger)


def _add(row: str, sign: str) -> str:
    return (
        "insert into stage_total (stage_id, owner_id, count, revenue, weighted) "
        f"select {row}.stage_id, coalesce({row}.owner_id, 0), "
        f"{sign}1, {sign}coalesce({row}.revenue_company, 0), {sign}{row}.weighted "
        f"where {row}.live "
        "on conflict (stage_id, owner_id) do update set count = stage_total.count + excluded.count, "
        "revenue = stage_total.revenue + excluded.revenue, weighted = stage_total.weighted + excluded.weighted;"
    )


_TOUCHED = "status, hidden, archived, stage_id, owner_id, revenue_company, probability"

TRIGGERS = {
    "sqlite": [
        f"create trigger opportunity_counted after insert on opportunity begin {_add('new', '')} end",
        f"create trigger opportunity_recounted after update of {_TOUCHED} on opportunity "
        f"begin {_add('old', '-')} {_add('new', '')} end",
    ],
    "postgresql": [
        "create or replace function count_opportunity() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' then {_add('old', '-')} end if; {_add('new', '')} return null; end $$",
        "create trigger opportunity_counted after insert on opportunity "
        "for each row execute function count_opportunity()",
        f"create trigger opportunity_recounted after update of {_TOUCHED} on opportunity "
        "for each row execute function count_opportunity()",
    ],
}
