"""Contacts: people who act for a party."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from p2p.archiving import Archivable, StillNeeded
from p2p.db import TABLE, Base, db
from p2p.filters import today
from p2p.history import verb
from p2p.history.absorbing import Absorbing
from p2p.history.recording import Actor
from p2p.parties.channels.models import Channel, Facts
from p2p.parties.models import REACH, Party
from p2p.setup.models import Code

PERSON_FACTS = ("name", *REACH)


class Circle(ValueError):
    """Somebody would come to report to themselves, directly or through others."""


#: Whether somebody agreed to be sent mailings.
CONSENT = {"unasked": "Not asked", "yes": "Agreed", "no": "Declined"}


class Contact(Archivable, Absorbing, Base):
    """A person (`person`, a party of its own) acting for a `party`; the same person may act for several."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("consent in ('unasked', 'yes', 'no')", name="consent"),
        Index("ix_contact_party", "party_id"),
        Index("ix_contact_person", "person_id"),
        Index("ix_contact_reports_to", "reports_to_id"),
        TABLE,
    )
    noun: ClassVar[str] = "contact"
    same_by: ClassVar[tuple[str, ...]] = ("person_id", "party_id")

    person_id: Mapped[int] = mapped_column(ForeignKey("party.id"), info={"same_as": "party"})
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), info={"label": "acts for"})
    job_title: Mapped[str | None] = mapped_column(String(100))
    function_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    decision_role_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    department: Mapped[str | None] = mapped_column(String(100))
    reports_to_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    vip: Mapped[bool] = mapped_column(default=False, info={"label": "VIP"})
    consent: Mapped[str] = mapped_column(String(10), default="unasked", info={"label": "consent to mailings"})
    consent_on: Mapped[date | None] = mapped_column(info={"follows": True})
    inactive: Mapped[bool] = mapped_column(default=False)
    loyalty_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))
    notes: Mapped[str | None] = mapped_column(String(4000))

    person: Mapped[Party] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    party: Mapped[Party] = relationship(foreign_keys=[party_id])
    function: Mapped[Code | None] = relationship(foreign_keys=[function_id])
    decision_role: Mapped[Code | None] = relationship(foreign_keys=[decision_role_id])
    loyalty: Mapped[Code | None] = relationship(foreign_keys=[loyalty_id])
    reports_to: Mapped["Contact | None"] = relationship(foreign_keys=[reports_to_id], remote_side="Contact.id")

    def __str__(self) -> str:
        return self.person.name

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def consent_words(self) -> str:
        return CONSENT[self.consent]

    def belongs_to(self, user_id: int) -> bool:
        """Contacts belong to nobody in particular, so they count as everybody's own."""
        return True

    @classmethod
    @verb("entered")
    def enter(
        cls,
        party: Party,
        facts: dict[str, Any],
        *,
        person: Party | None = None,
        channels: Iterable[tuple[str, Facts]] = (),
        by: Actor | None,
    ) -> "Contact":
        """A contact for a party; without `person` the name, phone and e-mail make a new one, else fill its blanks.

        `channels` are (kind, facts) of further ways to reach the person.
        """
        facts = dict(facts)
        own = {name: facts.pop(name) for name in PERSON_FACTS if name in facts}
        if person is None:
            person = Party.enter({"kind": "person"} | own, channels=channels, by=by)
        else:
            person.edit({name: value for name, value in own.items() if value and not getattr(person, name)}, by=by)
            Channel.add_several(person, channels, by=by)
        contact = cls(person_id=person.id, party_id=party.id)
        contact._set(facts)
        db.session.add(contact)
        db.session.flush()
        return contact

    @verb("changed")
    def edit(self, facts: dict[str, Any], *, by: Actor | None) -> None:
        """Set facts of the contact; name, phone and e-mail are the person's."""
        own = {name: facts[name] for name in PERSON_FACTS if name in facts}
        if own:
            self.person.edit(own, by=by)
        self._set({name: value for name, value in facts.items() if name not in PERSON_FACTS})

    def _set(self, facts: dict[str, Any]) -> None:
        if facts.get("reports_to_id") is not None:
            self._goes_up_to(facts["reports_to_id"])
        if facts.get("consent", self.consent or "unasked") != (self.consent or "unasked"):
            self.consent_on = today()
        for name, value in facts.items():
            setattr(self, name, value)

    def _goes_up_to(self, boss_id: int) -> None:
        """Raise Circle where this contact would come to report to itself."""
        from p2p.contacts import queries

        if self.id is not None and self.id in queries.above(boss_id):
            boss = db.session.get_one(Contact, boss_id)
            why = f", who reports to {self} already" if boss is not self else ""
            raise Circle(f"{self} cannot report to {boss}{why}.")

    def make_room_for(self, other: "Contact") -> None:
        """Nobody comes to report to themselves because two contacts become one."""
        from p2p.contacts import queries

        if self.reports_to_id is not None and {self.id, other.id} & set(queries.above(self.reports_to_id)):
            self.reports_to_id = None

    @verb("archived")
    def archive(self, *, by: Actor | None) -> None:
        """Put away; raises StillNeeded while the contact is on an open lead, opportunity or quotation."""
        from p2p.contacts import queries

        if places := queries.needed_by(self.id):
            raise StillNeeded(f"{self} is on {' and '.join(places)}. Take the contact off there, or mark it inactive.")
        super().archive(by=by)

    @verb("merged")
    def absorb(self, others: Iterable["Contact"], facts: dict[str, Any], *, by: Actor | None) -> None:
        """Be the same person as `others`: the persons become one, and so do contacts for the same party."""
        persons = {other.person_id: other.person for other in others if other.person_id != self.person_id}
        self.person.absorb(persons.values(), {}, by=by)
        same = [other for other in others if other.party_id == self.party_id and not other.hidden]
        super().absorb(same, facts, by=by)
