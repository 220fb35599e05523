"""Questions about opportunities."""

from sqlalchemy import select

from p2p.contacts.models import Contact
from p2p.db import db
from p2p.parties.models import Party


def contacts_of(party_id: int) -> list[tuple[int, str]]:
    """(id, name) of the people who act for a party."""
    rows = select(Contact.id, Party.name).join(Party, Party.id == Contact.person_id)
    rows = rows.where(Contact.party_id == party_id, Contact.hidden.is_(False), Contact.archived.is_(False))
    return [(id, name) for id, name in db.session.execute(rows.order_by(Party.name_folded))]
