"""Channels: the ways to reach a party. Its columns `phone`, `email`, `website`, `street` … repeat the primary ones."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.db import TABLE, Base, chunks, db, unique_while_present
from p2p.history import Recorded, verb
from p2p.history.recording import Actor, PutBack
from p2p.parties.channels.kinds import KINDS, REPEATED, parts, spelled
from p2p.parties.channels.settling import owners_around, settle, step_down
from p2p.setup.models import Code

CHUNK = 500

Facts = Mapping[str, Any]


class SeveralPrimaries(ValueError):
    """More than one channel of a kind was given as the primary one."""


class KeptAlready(ValueError):
    """The party has this very channel already, perhaps written in another way."""


class Reached(Protocol):
    """The party these are channels of, known here only by id and by the columns that repeat."""

    @property
    def id(self) -> Any: ...


class Channel(Recorded, Base):
    """A phone, an e-mail or postal address, or a web site of a party.

    `value` is what is shown (None for postal addresses, which have columns of their own), `key` what is searched and
    matched: one for all ways to write the same.
    """

    __tablename__ = "channel"
    __table_args__ = (
        CheckConstraint("kind in ('phone', 'email', 'website', 'address')", name="kind"),
        Index("ix_channel_party", "party_id", "kind"),
        Index("ix_channel_key", "kind", "key"),
        unique_while_present("channel", "party_id", "kind", flagged="is_primary"),
        TABLE,
    )
    noun: ClassVar[str] = "channel"
    same_by: ClassVar[tuple[str, ...]] = ("party_id", "kind", "key")

    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    kind: Mapped[str] = mapped_column(String(10))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    value: Mapped[str | None] = mapped_column(String(254))
    key: Mapped[str | None] = mapped_column(String(400), info={"derived": ("value",)})
    street: Mapped[str | None] = mapped_column(String(200))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    region: Mapped[str | None] = mapped_column(String(100))
    country: Mapped[str | None] = mapped_column(String(60))
    is_primary: Mapped[bool] = mapped_column(default=False, info={"label": "primary", "follows": True})

    purpose: Mapped[Code | None] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.value or ", ".join(filter(None, self.lines)) or KINDS[self.kind]

    @property
    def lines(self) -> list[str]:
        """A postal address line by line."""
        town = " ".join(filter(None, (self.postal_code, self.city)))
        return [line for line in (self.street, town, self.region, self.country) if line]

    def about(self) -> tuple[str, int]:
        return "party", self.party_id

    # -- verbs --------------------------------------------------------------------------------------------------------

    @classmethod
    @verb("added")
    def add(cls, party: Reached, kind: str, facts: Facts, *, by: Actor | None) -> "Channel":
        """A way to reach a party. The first of its kind is primary by itself; one marked `is_primary` takes over.

        Raises KeptAlready where the party has it, in any way of writing.
        """
        from p2p.parties.channels import queries

        channel = cls(kind=kind, party_id=party.id, **{name: v for name, v in facts.items() if name != "is_primary"})
        channel._spell()
        siblings = queries.of_party(party.id, kind)
        if twin := next(filter(channel._says, siblings), None):
            raise KeptAlready(f"{twin} is kept already.")
        channel.is_primary = bool(facts.get("is_primary")) or not siblings
        if channel.is_primary:
            step_down(siblings)
        db.session.add(channel)
        db.session.flush()
        channel.repeat_on(party)
        return channel

    @classmethod
    @verb("added")
    def add_several(cls, party: Reached, several: Iterable[tuple[str, Facts]], *, by: Actor | None) -> list["Channel"]:
        """Several (kind, facts) at once; those given twice are kept once. Raises SeveralPrimaries."""
        wanted = list(several)
        for kind, words in KINDS.items():
            if sum(bool(facts.get("is_primary")) for each, facts in wanted if each == kind) > 1:
                raise SeveralPrimaries(f"Only one {words.lower()} can be the primary one.")
        added = []
        for kind, facts in wanted:
            try:
                added.append(cls.add(party, kind, facts, by=by))
            except KeptAlready:
                continue
        return added

    @classmethod
    @verb("changed")
    def put(cls, party: Reached, kind: str, facts: Facts, *, by: Actor | None) -> None:
        """Have the primary channel of a kind say this; where it says nothing any more it is removed.

        What another channel of the party says already makes that the primary one.
        """
        from p2p.parties.channels import queries

        siblings = queries.of_party(party.id, kind)
        primary = siblings[0] if siblings else None
        stands = {name: getattr(primary, name) for name in parts(kind)} if primary else {}
        wanted = {name: value or None for name, value in (stands | dict(facts)).items()}
        if wanted == stands:
            return
        twin = _twin(kind, wanted, siblings)
        if twin not in (None, primary):
            twin.make_primary(by=by)
        elif primary is None:
            if any(wanted.values()):
                cls.add(party, kind, wanted, by=by)
        elif any(wanted.values()):
            primary.edit(wanted, by=by)
        else:
            primary.remove(by=by)

    @verb("changed")
    def edit(self, facts: Facts, *, by: Actor | None) -> None:
        """Set value, purpose or the parts of an address; `is_primary` makes it the primary one. Raises KeptAlready."""
        from p2p.parties.channels import queries

        said = {name: facts.get(name, getattr(self, name)) for name in parts(self.kind)}
        others = [each for each in queries.of_party(self.party_id, self.kind) if each is not self]
        if twin := _twin(self.kind, said, others):
            raise KeptAlready(f"{twin} is kept already.")
        for name, value in facts.items():
            if name != "is_primary":
                setattr(self, name, value)
        self._spell()
        if facts.get("is_primary") and not self.is_primary:
            self.make_primary(by=by)
        self.repeat_on(self._party())

    @verb("made primary")
    def make_primary(self, *, by: Actor | None) -> None:
        """The one that is used unless somebody says otherwise; the one that was steps down."""
        from p2p.parties.channels import queries

        step_down(queries.of_party(self.party_id, self.kind))
        self.is_primary = True
        db.session.flush()
        self.repeat_on(self._party())

    @verb("removed")
    def remove(self, *, by: Actor | None) -> None:
        """Take it away; where it was the primary one, the next of its kind is."""
        self.hidden = True
        db.session.flush()
        settle([self.party_id])

    # -- what holds ---------------------------------------------------------------------------------------------------

    def _party(self) -> Any:
        from p2p.history import nouns

        return db.session.get_one(nouns["party"], self.party_id)

    def _spell(self) -> None:
        """Write the value in the normal way, and derive its key."""
        self.value, self.key = spelled(self.kind, self.value)

    def _says(self, other: "Channel") -> bool:
        """Whether both say the same, perhaps written in another way."""
        if self.kind == "address" or self.key is None:
            return all(getattr(self, name) == getattr(other, name) for name in parts(self.kind))
        return self.key == other.key

    def repeat_on(self, party: Any) -> None:
        """Have the party's columns say what this says, where it is the primary one."""
        for name in REPEATED[self.kind] if self.is_primary else ():
            said = getattr(self, name) if self.kind == "address" else self.value
            if getattr(party, name) != said:
                setattr(party, name, said)

    @classmethod
    def make_way(cls, back: PutBack) -> None:
        """One primary of a kind: before another one becomes it again, the one that is steps down."""
        from p2p.parties.channels import queries

        for chunk in chunks(back, CHUNK):
            for channel in queries.numbered(chunk):
                now = {name: getattr(channel, name) for name in ("party_id", "is_primary", "hidden")}
                then = now | {name: back[channel.id][name] for name in now if name in back[channel.id]}
                if then != now and then["is_primary"] and not then["hidden"]:
                    step_down(queries.of_party(then["party_id"], channel.kind))

    @classmethod
    def hold_together(cls, back: PutBack) -> None:
        """Of every kind there is a primary one, and parties repeat it."""
        from p2p.parties.channels import queries

        for chunk in chunks(back, CHUNK):
            settle(owners_around(queries.numbered(chunk), {id: back[id] for id in chunk}))


def _twin(kind: str, said: Facts, others: Iterable[Channel]) -> Channel | None:
    """The channel among these that says this."""
    meant = Channel(kind=kind, **said)
    meant._spell()
    return next(filter(meant._says, others), None)
