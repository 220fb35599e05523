"""Users and the proofs that somebody is one: passwords, sessions, one-time links, and the count of wrong guesses."""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete
from sqlalchemy.orm import Mapped, mapped_column

from p2p.db import TABLE, Base, Instant, db, now, unique_while_present
from p2p.history import Recorded, verb
from p2p.history.recording import Actor
from p2p.identity.hashing import hashed

VIEWER, REPRESENTATIVE, MANAGER, ADMINISTRATOR = "viewer", "representative", "manager", "administrator"
ROLES = {
    VIEWER: "Viewer",
    REPRESENTATIVE: "Sales representative",
    MANAGER: "Sales manager",
    ADMINISTRATOR: "Administrator",
}
IDLE = timedelta(days=7)
LONGEST = timedelta(days=30)
LINK_LASTS = timedelta(hours=24)
GUESSES_SPAN = timedelta(minutes=15)
GUESSES_PER_ACCOUNT = 10
GUESSES_PER_ADDRESS = 50


class LastAdministrator(Exception):
    """Nobody would be left who can administer p2p."""


class TooManyGuesses(Exception):
    """Passwords or codes were tried too often; the next try must wait."""


def folded(email: str) -> str:
    """The form in which e-mail addresses are compared: any spelling of one address is the same account."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def initials_of(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def digest(token: str) -> str:
    """What is stored of a random token, so that a copy of the database opens no session."""
    return hashlib.sha256(token.encode()).hexdigest()


class User(Recorded, Base):
    """Somebody of the team. Without a password they own records but cannot sign in."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role in ('viewer', 'representative', 'manager', 'administrator')", name="role"),
        unique_while_present("user", "email_folded"),
        TABLE,
    )
    noun: ClassVar[str] = "user"

    email: Mapped[str] = mapped_column(String(254), info={"label": "e-mail"})
    email_folded: Mapped[str] = mapped_column(String(254), info={"derived": True})
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20), default=REPRESENTATIVE)
    active: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    #: The saved view of the board that opens first; its table belongs to a later room.
    board_view_id: Mapped[int | None] = mapped_column(info={"label": "first view of the board"})
    password_hash: Mapped[str | None] = mapped_column(String(200), info={"secret": True})
    password_set_at: Mapped[datetime | None] = mapped_column(Instant, info={"label": "password"})

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def can_sign_in(self) -> bool:
        return self.active and self.password_hash is not None

    @classmethod
    @verb("added", undoable=False)
    def add(cls, *, email: str, name: str, role: str, by: Actor | None) -> "User":
        """A new user, still without a password."""
        user = cls(email=email.strip(), email_folded=folded(email), name=name.strip(), role=role)
        db.session.add(user)
        db.session.flush()
        return user

    @verb("changed", undoable=False)
    def edit(self, facts: dict[str, str], *, by: Actor | None) -> None:
        """Set name, e-mail, role or theme; the last administrator keeps the role."""
        if facts.get("role", ADMINISTRATOR) != ADMINISTRATOR:
            self._leave_an_administrator()
        role_before = self.role
        for name, value in facts.items():
            setattr(self, name, value)
        self.email_folded = folded(self.email)
        if self.role != role_before:
            self.end_sessions()

    @verb("chose the first view of the board for", undoable=False)
    def open_first(self, board_view_id: int | None, *, by: Actor | None) -> None:
        """Which saved view of the board opens first; None for the whole board."""
        self.board_view_id = board_view_id

    @verb("set the password of", undoable=False)
    def set_password(self, password: str, *, by: Actor | None) -> None:
        """Keep only an Argon2 hash; every session of the user ends, and one-time links die."""
        self.password_hash = hashed(password)
        self.password_set_at = now()
        self.end_sessions()
        OneTimeLink.forget(self)

    @verb("deactivated", undoable=False)
    def deactivate(self, *, by: Actor | None) -> None:
        self._leave_an_administrator()
        self.active = False
        self.end_sessions()
        OneTimeLink.forget(self)

    @verb("reactivated", undoable=False)
    def reactivate(self, *, by: Actor | None) -> None:
        self.active = True

    def end_sessions(self, *, but: str | None = None) -> None:
        sessions = delete(SignIn).where(SignIn.user_id == self.id)
        db.session.execute(sessions.where(SignIn.token_digest != but) if but else sessions)

    def _leave_an_administrator(self) -> None:
        from p2p.identity import queries

        queries.one_at_a_time("leave an administrator")
        if self.role == ADMINISTRATOR and self.can_sign_in and queries.other_administrators(self.id) == 0:
            raise LastAdministrator(
                f"{self.name} is the last administrator who can sign in. Make somebody else one first."
            )


class SignIn(Base):
    """A session of a browser. The cookie holds the token, the table only its digest, so it can be ended here."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_user", "user_id"), TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    agent: Mapped[str] = mapped_column(String(200))

    @classmethod
    def start(cls, user: User, agent: str) -> str:
        """Begin a session; returns the token for the cookie. Sessions that ran out are swept away."""
        token = secrets.token_urlsafe(32)
        moment = now()
        ran_out = (cls.seen_at < moment - IDLE) | (cls.started_at < moment - LONGEST)
        db.session.execute(delete(cls).where(ran_out))
        db.session.add(
            cls(token_digest=digest(token), user_id=user.id, started_at=moment, seen_at=moment, agent=agent[:200])
        )
        return token

    @classmethod
    def end(cls, session: str) -> None:
        """End the session with this token digest; a copied cookie opens nothing from here on."""
        db.session.execute(delete(cls).where(cls.token_digest == session))


class Guess(Base):
    """A wrong password, counted by account and by address; kept in the database so that a restart forgives nothing."""

    __tablename__ = "guess"
    __table_args__ = (Index("ix_guess_key", "key", "at"), TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def count(cls, account: str, address: str) -> "Guess":
        """Count a try before it is known to be wrong; returns the row of the address. Old ones are swept away."""
        moment = now()
        db.session.execute(delete(cls).where(cls.at < moment - GUESSES_SPAN))
        of_address = cls(key=f"address {address}", at=moment)
        db.session.add_all((cls(key=f"account {account}", at=moment), of_address))
        db.session.flush()
        return of_address

    @classmethod
    def forgive(cls, account: str, address_row: int) -> None:
        """The try was right: the account starts anew, and the address gets this one try back."""
        right = (cls.key == f"account {account}") | (cls.id == address_row)
        db.session.execute(delete(cls).where(right))


class OneTimeLink(Base):
    """Lets a user set a first or a forgotten password, once, within a day."""

    __tablename__ = "one_time_link"
    __table_args__ = (TABLE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    @classmethod
    def make(cls, user: User) -> str:
        """A link's token; earlier links of the user stop working."""
        cls.forget(user)
        token = secrets.token_urlsafe(32)
        db.session.add(cls(token_digest=digest(token), user_id=user.id, expires_at=now() + LINK_LASTS))
        return token

    @classmethod
    def forget(cls, user: User) -> None:
        """Whatever links the user was given stop working."""
        db.session.execute(delete(cls).where(cls.user_id == user.id))
