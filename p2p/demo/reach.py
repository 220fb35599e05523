"""More ways to reach the parties of the demo, and what is known of its contacts. Chance goes by the name, so that the
rest of the demo stays what it is."""

from random import Random
from typing import Any

from p2p.demo.company import Company

#: Country → what mobile numbers begin with; ranges kept for stories where there are such.
MOBILES = {
    "Switzerland": "+41 79 555 1",
    "Germany": "+49 1512 3555",
    "Austria": "+43 664 5550",
    "Sweden": "+46 70 174 0",
    "Denmark": "+45 20 55 1",
    "Norway": "+47 40 55 1",
    "United Kingdom": "+44 7700 900",
}
#: Country → where invoices are sent.
INVOICES = {"Switzerland": "kreditoren", "Germany": "rechnung", "Austria": "rechnung", "Norway": "faktura"}
INVOICES |= {"Sweden": "faktura", "Denmark": "faktura"}
DEPARTMENTS = {"Purchasing": "Purchasing", "Engineering": "Technology", "Production": "Operations"}

Channels = list[tuple[str, dict[str, Any]]]


def of_firm(company: Company, name: str, domain: str, country: str, address: dict[str, str]) -> Channels:
    """Besides its switchboard and its seat: where invoices go, and where goods are delivered."""
    chance, found = Random(name), []
    if chance.random() < 0.6:
        mailbox = f"{INVOICES.get(country, 'accounts')}@{domain}"
        found.append(("email", {"value": mailbox, "purpose_id": company.code("channel_purpose", "Invoice")}))
    if chance.random() < 0.35:
        gate = {"street": f"{address['street']}, gate {chance.randint(1, 4)}"}
        found.append(("address", address | gate | {"purpose_id": company.code("channel_purpose", "Delivery")}))
    return found


def of_person(company: Company, name: str, country: str) -> Channels:
    """A mobile, mostly; sometimes a mailbox at home."""
    chance, found = Random(name), []
    if chance.random() < 0.7:
        number = f"{MOBILES.get(country, '+41 79 555 1')}{chance.randint(100, 999)}"
        found.append(("phone", {"value": number, "purpose_id": company.code("channel_purpose", "Mobile")}))
    if chance.random() < 0.15:
        value = f"{name.split()[0].casefold()}{chance.randint(60, 99)}@mail.example"
        found.append(("email", {"value": value, "purpose_id": company.code("channel_purpose", "Home")}))
    return found


def about_contact(name: str, function: str) -> dict[str, Any]:
    """Whether somebody is a VIP, agreed to mailings, and works in a department."""
    chance = Random(name[::-1])
    return {
        "vip": chance.random() < 0.12,
        "consent": chance.choice(("yes", "yes", "unasked", "unasked", "no")),
        "department": DEPARTMENTS.get(function),
    }
