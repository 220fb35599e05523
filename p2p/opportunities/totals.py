"""Running totals of what is live, per column of every board, kept by triggers: no board counts what it need not."""

from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import Base


class ColumnTotal(Base):
    """Count, revenue and weighted revenue of the live opportunities of one column whose next step is on one day.

    `kind` says what columns are: stages, prognosis bands (`value`: the id, 0 for none), months of the decision
    (`value`: 202611, 0 for none) or owners (0: nobody). `whose` narrows it to an owner (0: nobody), or to nothing.
    """

    __tablename__ = "column_total"
    __table_args__ = {"sqlite_strict": True}

    #: In `whose`: all there is. In `next_on`: nothing is planned.
    EVERYBODY: ClassVar[int] = -1
    NEVER: ClassVar[date] = date(9999, 12, 31)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    whose: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    process_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_on: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]
    revenue: Mapped[int] = mapped_column(BigInteger)
    weighted: Mapped[int] = mapped_column(BigInteger)


_MONTH = {
    "sqlite": "cast(substr({0}, 1, 4) as integer) * 100 + cast(substr({0}, 6, 2) as integer)",
    "postgresql": "cast(extract(year from {0}) * 100 + extract(month from {0}) as integer)",
}
_KEYS = "kind, whose, process_id, value, next_on"
_SUMS = "sum(one), sum(revenue), sum(weighted)"


def _counted(row: str, sign: str, dialect: str) -> list[str]:
    """What a row adds to the totals (or takes away), a select for each column it stands in.

    On SQLite it is the row of the trigger; on PostgreSQL all rows of the statement, in a table of this name.
    """
    owner, month = f"coalesce({row}.owner_id, 0)", _MONTH[dialect].format(f"{row}.decide_by")
    values = {"stage": f"{row}.stage_id", "prognosis": f"coalesce({row}.prognosis_id, 0)"}
    values |= {"month": f"coalesce({month}, 0)"}
    columns = [(kind, whose, value) for kind, value in values.items() for whose in (str(ColumnTotal.EVERYBODY), owner)]
    columns.append(("owner", str(ColumnTotal.EVERYBODY), owner))
    return [
        f"select '{kind}' as kind, (select process_id from stage where id = {row}.stage_id) as process_id, "
        f"{whose} as whose, {value} as value, coalesce({row}.next_on, '{ColumnTotal.NEVER}') as next_on, "
        f"{sign}1 as one, {sign}coalesce({row}.revenue_company, 0) as revenue, {sign}{row}.weighted as weighted "
        f"{f'from {row} ' if dialect == 'postgresql' else ''}where {row}.live"
        for kind, whose, value in columns
    ]


def _count(dialect: str, *rows: tuple[str, str]) -> str:
    """One statement, so that rows are taken in one order by everybody who writes at the same time.

    Totals that stay what they were are left alone: nobody waits for them.
    """
    changes = " union all ".join(told for row, sign in rows for told in _counted(row, sign, dialect))
    return (
        f"insert into column_total ({_KEYS}, count, revenue, weighted) "
        f"select {_KEYS}, {_SUMS} from ({changes}) as counted group by {_KEYS} "
        f"having sum(one) <> 0 or sum(revenue) <> 0 or sum(weighted) <> 0 order by {_KEYS} "
        f"on conflict ({_KEYS}) do update set count = column_total.count + excluded.count, "
        "revenue = column_total.revenue + excluded.revenue, weighted = column_total.weighted + excluded.weighted;"
    )


def _forget(row: str, dialect: str) -> str:
    """Days that nothing is planned for any longer leave no rows behind."""
    keys = " union all ".join(_counted(row, "", dialect))
    return f"delete from column_total where count = 0 and ({_KEYS}) in (select {_KEYS} from ({keys}) as gone);"


_TOUCHED = (
    *("status", "hidden", "archived", "stage_id", "owner_id", "prognosis_id", "decide_by"),
    *("revenue_company", "probability", "next_on"),
)
_CHANGED = " or ".join(f"old.{name} is distinct from new.{name}" for name in _TOUCHED)


def _both(was: str, became: str, dialect: str) -> str:
    return f"{_count(dialect, (was, '-'), (became, ''))} {_forget(was, dialect)}"


# PostgreSQL counts once a statement, however many rows it wrote: within a transaction every update of a total leaves
# its row before behind, which all later ones step over.
TRIGGERS = {
    "sqlite": [
        f"create trigger opportunity_counted after insert on opportunity begin {_count('sqlite', ('new', ''))} end",
        f"create trigger opportunity_recounted after update of {', '.join(_TOUCHED)} on opportunity "
        f"for each row when {_CHANGED} begin {_both('old', 'new', 'sqlite')} end",
    ],
    "postgresql": [
        "create or replace function count_opportunity() returns trigger language plpgsql as $$ begin "
        f"if tg_op = 'UPDATE' then {_both('was', 'became', 'postgresql')} "
        f"else {_count('postgresql', ('became', ''))} end if; return null; end $$",
        "create trigger opportunity_counted after insert on opportunity referencing new table as became "
        "for each statement execute function count_opportunity()",
        "create trigger opportunity_recounted after update on opportunity "
        "referencing old table as was new table as became for each statement execute function count_opportunity()",
    ],
}
