"""What leads are found by: names as they are searched for, and whether anybody worked on one."""

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column, validates

from p2p.db import Base
from p2p.leads.worked import TRIGGERS
from p2p.parties.channels.kinds import spelled
from p2p.parties.models import fold
from p2p.triggers import keep_by_triggers


class Findable:
    """Mix in beside `subject`, `company_name`, `person_name`, `email` and `phone`."""

    subject_folded: Mapped[str] = mapped_column(String(120), info={"derived": ("subject",)})
    company_folded: Mapped[str | None] = mapped_column(String(120), info={"derived": ("company_name",)})
    person_folded: Mapped[str | None] = mapped_column(String(120), info={"derived": ("person_name",)})
    email_key: Mapped[str | None] = mapped_column(String(254), info={"derived": ("email",)})
    phone_key: Mapped[str | None] = mapped_column(String(40), info={"derived": ("phone",)})
    #: Somebody logged something on it; kept by triggers, so that what is new need not be searched for.
    worked: Mapped[bool] = mapped_column(default=False, server_default=false(), info={"counted": True})

    @validates("subject")
    def _fold_subject(self, key: str, subject: str) -> str:
        self.subject_folded = fold(subject)
        return subject

    @validates("company_name", "person_name")
    def _fold_name(self, key: str, name: str | None) -> str | None:
        setattr(self, key.replace("_name", "_folded"), fold(name) if name else None)
        return name

    @validates("email", "phone")
    def _key_channel(self, key: str, typed: str | None) -> str | None:
        """Derive the key by which a lead with the same address or number is found, however that is written."""
        shown, found = spelled(key, typed)
        setattr(self, f"{key}_key", found)
        return shown


keep_by_triggers(Base.metadata, TRIGGERS)
