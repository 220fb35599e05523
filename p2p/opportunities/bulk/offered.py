"""What is offered to be done with many opportunities at once, wherever they are chosen."""

from flask import url_for

CHANGES = {
    "move": "Move",
    "assign": "Assign",
    "probability": "Probability",
    "prognosis": "Prognosis",
    "postpone": "Postpone",
    "win": "Win",
    "lose": "Lose",
    "cancel": "Cancel",
}


def changes() -> list[tuple[str, str]]:
    """(words, address) of each change."""
    return [(words, url_for("opportunities.bulk", change=change)) for change, words in CHANGES.items()]
