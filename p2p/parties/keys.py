"""By what e-mail addresses, phone numbers and web sites are found and matched: one key for every way to write them.

Pure functions. A key is None where there is nothing to match by; None never matches, not even None.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import idna
import phonenumbers

#: Numbers shorter than this are extensions of some house: they say nothing about who answers.
SHORTEST = 5

#: Domains whose mailboxes anybody can have: sharing one says nothing about working together.
PUBLIC_DOMAINS = frozenset(
    """
    126.com 163.com aim.com alice.it aliceadsl.fr aol.com aol.de arcor.de att.net bigpond.com bk.ru bluemail.ch
    bluewin.ch btinternet.com centrum.cz chello.at comcast.net cox.net docomo.ne.jp email.cz email.de fastmail.com
    fastmail.fm free.fr freemail.hu freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net
    hey.com hispeed.ch hotmail.ch hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it icloud.com
    inbox.lv inbox.ru interia.pl kolumbus.fi kpnmail.nl laposte.net libero.it list.ru live.com live.de live.fr live.nl
    mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com mweb.co.za naver.com neuf.fr nifty.com o2.pl onet.pl
    online.de online.no op.pl orange.fr outlook.com outlook.de outlook.fr pm.me posteo.ch posteo.de posteo.net
    proton.me protonmail.ch protonmail.com qq.com rediffmail.com rocketmail.com sapo.pt sbcglobal.net seznam.cz sfr.fr
    shaw.ca sina.com sky.com skynet.be sunrise.ch swissonline.ch t-online.de talktalk.net telenet.be tele2.se telia.com
    terra.com.br tin.it tiscali.it tuta.com tuta.io tutanota.com uol.com.br verizon.net videotron.ca virgilio.it
    virginmedia.com vodafone.de wanadoo.fr web.de wp.pl xs4all.nl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com
    yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com ziggo.nl zoho.com
    """.split()
)


def mailbox(text: str | None) -> str | None:
    """`Eva Roth <Eva@Example.com>`, `mailto:eva@example.com` and `eva @ example.com` as `eva@example.com`.

    Case, blanks and display names count for nothing, and the domain is spelled in ASCII. None for what is no mailbox:
    nothing before or after an @, or more than one @.
    """
    bare = text or ""
    if "<" in bare:
        bare = bare.rpartition("<")[2].partition(">")[0]
    bare = _without_blanks(bare)
    if bare.lower().startswith("mailto:"):
        bare = unquote(bare[len("mailto:") :].partition("?")[0])
    local, at, domain = _without_blanks(bare).partition("@")
    if not at or not local or "@" in domain:
        return None
    host = _host(domain)
    return f"{_folded(local)}@{host}" if host else None


def domain_of(text: str | None) -> str | None:
    """The domain of a mailbox, as keys spell it; None for what is no mailbox."""
    key = mailbox(text)
    return key.rpartition("@")[2] if key else None


def is_public_domain(domain: str | None) -> bool:
    """Whether anybody can have a mailbox there, so that sharing the domain says nothing. Blanks count as public."""
    return not domain or (_host(domain) or "") in PUBLIC_DOMAINS | {""}


def phone_key(text: str | None, region: str | None) -> str | None:
    """`044 668 18 00` in CH, `+41 (0)44 668 18 00` and `0041446681800` as `+41446681800`; an extension as `…x12`.

    `region` is the country whose own numbers are typed without its code. What is no valid number anywhere is matched
    by its figures; fewer than five match nothing.
    """
    number = _number(text or "", region)
    if number is not None:
        plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return f"{plain}x{number.extension}" if number.extension else plain
    figures = _figures(text or "")
    return figures if len(figures) >= SHORTEST else None


def phone_shown(text: str, region: str | None) -> str:
    """A valid number as it is written internationally, `+41 44 668 18 00`; anything else as it was typed."""
    number = _number(text, region)
    if number is None or number.extension or not _only_a_number(text):
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def site_key(text: str | None) -> str | None:
    """`https://www.Example.com/Shop/?from=mail#top` as `example.com/Shop`; None for what is no web site."""
    address = _without_blanks(text or "")
    if "@" in address.partition("/")[0]:
        return None  # a mailbox
    if not re.match(r"[a-z][a-z0-9+.-]*://", address, re.IGNORECASE):
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "." not in host:
        return None
    while host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    return host + (f":{port}" if port not in (None, 80, 443) else "") + parts.path.rstrip("/")


@lru_cache(maxsize=1024)  # what is shown and what is matched are asked for one after the other
def _number(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    """The valid number a text holds, else the one its figures make; None where neither is one."""
    for spelled in (text, _figures(text)):
        try:
            number = phonenumbers.parse(spelled, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def _figures(text: str) -> str:
    """The figures of a text, with the + before the first one."""
    before = re.split(r"\d", text, maxsplit=1)[0]
    return ("+" if "+" in before else "") + phonenumbers.normalize_digits_only(text)


def _only_a_number(text: str) -> bool:
    """Whether a text says nothing besides a number."""
    return not any(c.isalpha() for c in text)


def _host(domain: str) -> str | None:
    """A domain in ASCII and small letters without the dot at its end; None for nothing."""
    plain = _folded(domain.strip(".")).rstrip(".")
    try:
        return idna.encode(plain, uts46=True).decode().lower() or None
    except (idna.IDNAError, UnicodeError):
        return plain or None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _without_blanks(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
