"""What can be chosen when p2p is set up: currencies, time zones, formats; and a first guess for each."""

import os
import zoneinfo
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.core import get_global, negotiate_locale
from babel.numbers import get_currency_name, get_territory_currencies

from p2p.filters import Format

COMMON_CURRENCIES = ("EUR", "CHF", "USD", "GBP", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "JPY")
#: Formats offered; screens stay in English, only figures and dates follow.
LOCALES = (
    "en_GB en_US en_IE en_CA en_AU en_NZ en_IN en_ZA de_DE de_AT de_CH de_LI fr_FR fr_BE fr_CH fr_CA it_IT it_CH "
    "es_ES es_MX es_AR pt_PT pt_BR nl_NL nl_BE da_DK sv_SE nb_NO fi_FI is_IS pl_PL cs_CZ sk_SK hu_HU ro_RO bg_BG "
    "sl_SI hr_HR el_GR et_EE lv_LV lt_LT tr_TR uk_UA he_IL ja_JP ko_KR zh_CN"
).split()


@lru_cache(maxsize=1)
def currencies() -> dict[str, list[tuple[str, str]]]:
    """Currencies in use today as (code, words), the common ones first."""
    territories = get_global("territory_currencies")
    in_use = {code for territory in territories for code in get_territory_currencies(territory)}
    named = {code: f"{code} · {get_currency_name(code, locale='en')}" for code in sorted(in_use)}
    others = [(code, words) for code, words in named.items() if code not in COMMON_CURRENCIES]
    return {"Common": [(code, named[code]) for code in COMMON_CURRENCIES], "All others": others}


@lru_cache(maxsize=1)
def zones() -> dict[str, str]:
    """Time zones of places, and UTC."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return {"UTC": "UTC"} | {name: name.replace("_", " ") for name in names}


@lru_cache(maxsize=1)
def locales() -> dict[str, str]:
    """Formats with an example each: `German (Switzerland) · 1’250.50 · 31.12.2026`."""
    named = [(name, Locale.parse(name).get_display_name("en") or name) for name in LOCALES]
    return {name: f"{words} · {example(name)}" for name, words in sorted(named, key=lambda pair: pair[1])}


def example(locale: str) -> str:
    form = Format(locale)
    return f"{form.number(Decimal('1250.50'), 2)} · {form.date(date(2026, 12, 31))}"


def locale_for(accepted: list[str]) -> str:
    """The format that fits best what a browser says its owner reads."""
    found = negotiate_locale([each.replace("-", "_") for each in accepted], LOCALES, sep="_")
    return found if found in LOCALES else next((n for a in accepted for n in LOCALES if n[:2] == a[:2]), "en_GB")


def currency_for(locale: str) -> str:
    """What is paid with where a format is used."""
    return next(iter(get_territory_currencies(locale.partition("_")[2])), "EUR")


def zone_for(locale: str) -> str:
    """The time zone this machine runs in; where that is UTC, the one of the format's country if it has but one."""
    place = Path("/etc/localtime")
    told = os.environ.get("TZ") or (str(place.resolve()).partition("zoneinfo/")[2] if place.is_symlink() else "")
    of_country = get_global("territory_zones").get(locale.partition("_")[2], [])
    guesses = [told, *of_country] if len(of_country) == 1 else [told]
    return next((zone for zone in guesses if zone in zones() and zone != "UTC"), "UTC")
