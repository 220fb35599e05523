"""What a password must be."""

from pathlib import Path

import pytest

from p2p.identity import forms
from p2p.identity.forms import is_common, password_problem

WHO = ("Rita Sommer", "rita.sommer@brunner.example")


@pytest.mark.parametrize(
    "good",
    [
        "correct horse battery staple", "     ten spaces and words", "zwölf Boxkämpfer jagen", "🐴🔋📎✅🌊🏔️🐢🍋🥨🎻",
        "x9$kQ2!mV7", "the summer of rita was long and warm", "a" * 20 + "bcdefgh" + "ijk" * 33, "ünïcödé pässwörter",
    ],
)  # fmt: skip
def test_good_passwords(good: str) -> None:
    assert password_problem(good[:128], *WHO, "Brunner Projects") is None


@pytest.mark.parametrize(
    "bad",
    [
        "", "123456789", "ninechars", "x" * 10 + "\0" + "yzabcdef", "z9$kQ2!mV7" * 13, "aaaaaaaaaaaa", "1212121212",
        "1234567890", "qwertyuiop", "QwertyUiop", "password123", "P@ssw0rd123!", "iloveyou123", "basketball2026!",
        "RitaSommer", "sommer-rita-1980", "brunner2026", "rita.sommer@brunner.example", "BrunnerProjects!",
        "p2p-project-profit",
    ],
)  # fmt: skip
def test_bad_passwords(bad: str) -> None:
    assert password_problem(bad, *WHO, "Brunner Projects")


def test_the_list_holds_what_it_says() -> None:
    listed = (Path(forms.__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in listed if not line.startswith("#")]
    assert len([word for word in words if len(word) >= 10]) > 2000
    assert all(word == word.casefold() and is_common(word) and is_common(word.upper()) for word in words)
