"""By what mailboxes, phone numbers and web sites are matched: one key for every way to write them."""

import string

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from p2p.parties.keys import domain_of, is_public_domain, mailbox, phone_key, phone_shown, site_key

local_part = st.text(string.ascii_lowercase + string.digits + "._+-", min_size=1, max_size=20)
label = st.text(string.ascii_lowercase, min_size=1, max_size=10)
domain = st.builds(lambda *parts: ".".join(parts), label, label, st.sampled_from(["ch", "com", "example"]))
blanks = st.text(" \t\u00a0\u200b", max_size=3)
REGIONS = ("CH", "DE", "FR", "GB", "US", "PL", "JP")


# -- mailboxes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "eva@example.com", " Eva@Example.COM ", "Eva Roth <eva@example.com>", '"Roth, Eva" <EVA@example.com>',
        "mailto:eva@example.com", "MAILTO:eva@example.com?subject=Hi", "eva @ example.com", "<eva@example.com.>",
        "mailto:eva%40example.com", "eva@example.com\u200b",
    ],
)  # fmt: skip
def test_a_mailbox_is_the_same_however_it_is_written(typed: str) -> None:
    assert mailbox(typed) == "eva@example.com"


@pytest.mark.parametrize("typed", [None, "", "   ", "eva", "@example.com", "eva@", "a@b@c", "Eva <>", "mailto:", "<@>"])
def test_what_is_no_mailbox_has_no_key(typed: str | None) -> None:
    assert mailbox(typed) is None
    assert domain_of(typed) is None


def test_a_domain_is_the_same_in_its_own_letters_and_in_ascii() -> None:
    assert mailbox("eva@Städler.ch") == mailbox("eva@xn--stdler-cua.ch") == "eva@xn--stdler-cua.ch"


@given(local_part, domain, blanks, st.text(string.ascii_letters + " ,.'", max_size=20))
def test_case_blanks_and_display_name_count_for_nothing(local: str, at: str, blank: str, name: str) -> None:
    key = mailbox(f"{local}@{at}")
    assert key == f"{local}@{at}"
    assert mailbox(f"{name} <{blank}{local.upper()}{blank}@{blank}{at.title()}{blank}>") == key


@given(local_part, domain, local_part, domain)
def test_different_mailboxes_have_different_keys(one: str, at: str, other: str, elsewhere: str) -> None:
    assert (mailbox(f"{one}@{at}") == mailbox(f"{other}@{elsewhere}")) == ((one, at) == (other, elsewhere))


@given(st.text(max_size=60))
def test_the_key_of_a_mailbox_is_its_own_key(typed: str) -> None:
    key = mailbox(typed)
    assert key is None or mailbox(key) == key


def test_public_domains_say_nothing_about_working_together() -> None:
    assert all(map(is_public_domain, ["gmail.com", "GMX.ch", "bluewin.ch", "outlook.com.", "", None]))
    assert not is_public_domain("example.com")
    assert is_public_domain(domain_of("Eva <eva@GMail.com>"))


# -- phone numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "044 668 18 00", "+41 44 668 18 00", "+41 (0)44 668 18 00", "0041446681800", "044/668.18.00", "(044) 668-18-00",
        "Tel. 044 668 18 00", "+41446681800", "tel:+41-44-668-18-00",
    ],
)  # fmt: skip
def test_a_number_is_the_same_in_any_formatting(typed: str) -> None:
    assert phone_key(typed, "CH") == "+41446681800"


def test_the_country_of_a_number_is_the_companys_unless_it_says() -> None:
    assert phone_key("030 901820", "DE") == phone_key("+49 30 901820", "CH") == "+4930901820"
    assert phone_key("030 901820", "DE") != phone_key("030 901820", "CH")


@pytest.mark.parametrize("typed", [None, "", "  ", "call me", "12", "12, ask for Eva", "-"])
def test_what_says_nothing_about_who_answers_has_no_key(typed: str | None) -> None:
    assert phone_key(typed, "CH") is None


def test_what_is_no_valid_number_is_matched_by_its_figures() -> None:
    assert phone_key("99 99 99", "CH") == phone_key("99-9999", "CH") == "999999"


def test_an_extension_is_another_line() -> None:
    assert phone_key("044 668 18 00 ext. 12", "CH") == "+41446681800x12"
    assert phone_shown("044 668 18 00 ext. 12", "CH") == "044 668 18 00 ext. 12"


def test_a_number_is_shown_internationally_and_words_are_left_alone() -> None:
    assert phone_shown("0446681800", "CH") == "+41 44 668 18 00"
    assert phone_shown("12, ask for Eva", "CH") == "12, ask for Eva"
    assert phone_shown("044 668 18 00, ask for Eva", "CH") == "044 668 18 00, ask for Eva"


@given(st.sampled_from(REGIONS), st.sampled_from(REGIONS), st.integers(0, 99), st.sampled_from(" -./\u00a0"))
def test_every_formatting_of_a_valid_number_has_the_same_key(country: str, home: str, more: int, gap: str) -> None:
    example = phonenumbers.example_number(country)
    number = phonenumbers.PhoneNumber(
        country_code=example.country_code, national_number=example.national_number // 100 * 100 + more
    )
    if not phonenumbers.is_valid_number(number):
        return
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    ways = [phonenumbers.format_number(number, form) for form in (0, 1, 3)]
    ways += [gap.join(plain), f"  {plain} "]
    assert {phone_key(each, home) for each in ways} == {plain}
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert phone_key(national, country) == plain
    assert phone_key(phone_shown(national, country), home) == plain


@given(st.text(string.digits + "+()-/ .abx,", max_size=25), st.sampled_from(REGIONS))
def test_the_key_of_a_number_is_its_own_key(typed: str, country: str) -> None:
    key = phone_key(typed, country)
    assert key is None or phone_key(key, country) == key


# -- web sites --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "example.com",
        "https://www.Example.com/",
        "http://example.com",
        "www.example.com",
        "HTTPS://example.com:443/#top",
    ],
)
def test_a_site_is_the_same_however_it_is_written(typed: str) -> None:
    assert site_key(typed) == "example.com"


def test_the_path_of_a_site_counts_and_where_somebody_came_from_does_not() -> None:
    assert site_key("https://example.com/Shop/?from=mail") == "example.com/Shop"
    assert site_key("example.com:8080") == "example.com:8080"


@pytest.mark.parametrize(
    "typed", [None, "", "  ", "intranet", "ftp://example.com", "https://[", "mailto:eva@example.com"]
)
def test_what_is_no_site_has_no_key(typed: str | None) -> None:
    assert site_key(typed) is None


@given(domain, st.text(string.ascii_letters + "/-", max_size=10))
def test_the_key_of_a_site_is_its_own_key(host: str, path: str) -> None:
    key = site_key(f"https://{host}/{path}")
    assert site_key(key) == key
