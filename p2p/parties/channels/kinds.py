"""The kinds of channels: what each says, how it is spelled, and by what it is matched."""

from p2p.filters import the_format
from p2p.parties import keys

KINDS = {"phone": "Phone", "email": "E-mail", "website": "Web site", "address": "Address"}
ADDRESS = ("street", "postal_code", "city", "region", "country")
#: Kind → the columns of the party that repeat the primary channel of that kind.
REPEATED = {
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website",),
    "address": ("street", "postal_code", "city", "country"),
}


def region() -> str | None:
    """The country whose phone numbers are typed without its code: the company's."""
    return the_format().babel.territory


def parts(kind: str) -> tuple[str, ...]:
    """What a channel of this kind says."""
    return ADDRESS if kind == "address" else ("value",)


def spelled(kind: str, value: str | None) -> tuple[str | None, str | None]:
    """What is shown of a value, and the key by which it is searched and matched."""
    if kind == "phone" and value:
        return keys.phone_shown(value, region()), keys.phone_key(value, region())
    if kind == "email":
        return value, keys.mailbox(value)
    return value, keys.site_key(value) if kind == "website" else None
