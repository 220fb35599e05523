"""After how many days without activity an opportunity is stale, stage by stage: what won ones took, or a set number."""

from dataclasses import dataclass
from math import ceil

from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from p2p.db import Base
from p2p.filters import plural

#: So many won opportunities have to tell before their pace is the limit: what `PERCENT` of them stayed at most.
ENOUGH, PERCENT = 20, 80
#: The set number of a stage nobody set one for.
USUAL_DAYS = 14

WON, SET, NEVER = "won", "set", "never"
RULES = {
    WON: f"After what won opportunities took, once {ENOUGH} are known",
    SET: "Always after the number set",
    NEVER: "Never",
}


@dataclass(frozen=True)
class Limit:
    """What is in force: `days` of silence until something is stale, None where nothing ever is; `won` were counted."""

    days: int | None
    rule: str
    won: int = 0

    @property
    def is_pace(self) -> bool:
        """Whether it is what won opportunities took."""
        return self.rule == WON and self.won >= ENOUGH

    @property
    def words(self) -> str:
        """What a card says after the days without activity."""
        if self.is_pace:
            return f"deals that were won spent {self.days} here"
        return f"the limit set here is {plural(self.days or 0, 'day')}"

    @property
    def why(self) -> str:
        """Where it comes from."""
        if self.rule == NEVER:
            return "nothing here is ever stale"
        if self.rule == SET:
            return "always as set"
        if self.is_pace:
            return f"{PERCENT} % of the {self.won} that were won spent no longer here"
        return f"as set, until {ENOUGH} were won that spent time here: {self.won} so far"


def limit_of(rule: str, set_days: int, won: int, pace_days: int | None) -> Limit:
    """The limit of a stage; `pace_days` is what most of the `won` stayed. It is a day at least."""
    if rule == NEVER:
        return Limit(None, rule, won)
    if rule == WON and won >= ENOUGH and pace_days is not None:
        return Limit(max(pace_days, 1), rule, won)
    return Limit(max(set_days, 1), rule, won)


def place_of_percentile(count: int, percent: int = PERCENT) -> int:
    """Which of so many values in order (from 0) is the smallest that `percent` of them do not exceed; count ≥ 1."""
    return ceil(count * percent / 100) - 1


class StagePace(Base):
    """How many won opportunities spent time in a stage, and what most of them took; kept when one is won.

    It follows from the log, so the history knows nothing of it.
    """

    __tablename__ = "stage_pace"
    __table_args__ = {"sqlite_strict": True}

    stage_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    won: Mapped[int]
    days: Mapped[int]


class Watched:
    """Mix into stages: the rule of their limit, and the number that is set."""

    stale_rule: Mapped[str] = mapped_column(
        String(10), default=WON, server_default=WON, info={"label": "stale", "words": RULES}
    )
    stale_after: Mapped[int] = mapped_column(
        default=USUAL_DAYS, server_default=str(USUAL_DAYS), info={"label": "days without activity"}
    )

    @declared_attr
    def pace(cls) -> Mapped[StagePace | None]:
        return relationship(StagePace, primaryjoin="foreign(Stage.id) == StagePace.stage_id", viewonly=True)

    @property
    def limit(self) -> Limit:
        """After how many days without activity what is in it is stale."""
        won, days = (self.pace.won, self.pace.days) if self.pace else (0, None)
        return limit_of(self.stale_rule, self.stale_after, won, days)
