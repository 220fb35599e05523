"""Questions about users and sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, func, select

from p2p.db import db, now, plain_rows
from p2p.identity.models import (
    ADMINISTRATOR,
    GUESSES_PER_ACCOUNT,
    GUESSES_PER_ADDRESS,
    GUESSES_SPAN,
    IDLE,
    LONGEST,
    Guess,
    OneTimeLink,
    SignIn,
    User,
    digest,
    folded,
    initials_of,
)


@dataclass(frozen=True)
class Person:
    """The signed-in user of one request: enough to greet, to record and to decide rights by."""

    id: int
    name: str
    email: str
    role: str
    theme: str
    seen_at: datetime
    session: str
    board_view_id: int | None = None

    @property
    def initials(self) -> str:
        return initials_of(self.name)


_SIGNED_IN = (
    select(User.id, User.name, User.email, User.role, User.theme, User.board_view_id, SignIn.seen_at, SignIn.started_at)
    .join(SignIn, SignIn.user_id == User.id)
    .where(User.active.is_(True), User.hidden.is_(False), SignIn.token_digest == bindparam("session"))
)


def signed_in(token: str) -> Person | None:
    """Whose session this token opens; None when it ended, idled out or the user was deactivated."""
    session = digest(token)
    row = plain_rows(_SIGNED_IN, {"session": session}).first()
    moment = now()
    if row is None or moment - row.seen_at > IDLE or moment - row.started_at > LONGEST:
        return None
    return Person(row.id, row.name, row.email, row.role, row.theme, row.seen_at, session, row.board_view_id)


def user_by_email(email: str) -> User | None:
    """The user with this address in any spelling."""
    return db.session.scalar(select(User).where(User.email_folded == folded(email), User.hidden.is_(False)))


def users() -> list[User]:
    """Everybody, active first, by name."""
    return list(db.session.scalars(select(User).where(User.hidden.is_(False)).order_by(User.active.desc(), User.name)))


def owners(kept: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of everybody who can be given a record or work, and of whoever has it now (`kept`)."""
    people = select(User.id, User.name).where(User.hidden.is_(False), User.active.is_(True) | (User.id == kept))
    return [(id, name) for id, name in db.session.execute(people.order_by(User.name))]


def everybody() -> list[int]:
    """The ids of all users there ever were, by name."""
    return list(db.session.scalars(select(User.id).order_by(User.name, User.id)))


def anybody_can_sign_in() -> bool:
    """Whether the first visit is over."""
    can = select(User.id).where(User.active.is_(True), User.password_hash.is_not(None), User.hidden.is_(False))
    return db.session.scalar(can.limit(1)) is not None


def other_administrators(user_id: int) -> int:
    """How many other administrators could still sign in."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(User)
            .where(
                User.role == ADMINISTRATOR,
                User.active.is_(True),
                User.password_hash.is_not(None),
                User.hidden.is_(False),
                User.id != user_id,
            )
        )
        or 0
    )


def one_at_a_time(what: str) -> None:
    """Let no other unit do `what` until this one ends. On SQLite the units that write take turns anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def too_many_guesses(account: str, address: str) -> bool:
    """Whether sign-in must wait: ten wrong tries on an account, or fifty from an address, in fifteen minutes."""
    since = now() - GUESSES_SPAN
    for key, limit in ((f"account {account}", GUESSES_PER_ACCOUNT), (f"address {address}", GUESSES_PER_ADDRESS)):
        count = db.session.scalar(select(func.count()).select_from(Guess).where(Guess.key == key, Guess.at > since))
        if (count or 0) >= limit:
            return True
    return False


def sessions_of(user_id: int) -> list[SignIn]:
    """A user's open sessions, last seen first."""
    open_ones = select(SignIn).where(SignIn.user_id == user_id, *_still_open())
    return list(db.session.scalars(open_ones.order_by(SignIn.seen_at.desc(), SignIn.id)))


def last_seen() -> dict[int, datetime]:
    """User id → when one of the open sessions was last used."""
    latest = (
        select(SignIn.user_id, func.max(SignIn.seen_at).label("latest")).where(*_still_open()).group_by(SignIn.user_id)
    )
    return {row.user_id: row.latest for row in db.session.execute(latest)}


def _still_open() -> tuple[ColumnElement[bool], ...]:
    return SignIn.seen_at > now() - IDLE, SignIn.started_at > now() - LONGEST


def open_link(token: str, *, to_use: bool = False) -> OneTimeLink | None:
    """The unused, unexpired one-time link with this token; `to_use` makes others who hold it wait."""
    still_good = OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now()
    link = select(OneTimeLink).where(OneTimeLink.token_digest == digest(token), *still_good)
    return db.session.scalar(link.with_for_update() if to_use else link)
