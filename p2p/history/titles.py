"""What an operation is called: “Moved Palletiser relocation”, “Imported 20’000 opportunities”, “Undid: moved …”."""

from typing import Any

from p2p.filters import the_format
from p2p.history.queries import Key
from p2p.history.recording import nouns
from p2p.history.told import Told, ToldChange
from p2p.history.wording import (
    JOINED_BY,
    NAME_FIRST,
    NAMED_WITH_SUBJECT,
    capitalized,
    noun_words,
    uncapitalized,
    verb_alone,
    verb_words,
)


def title_of(verb: str, changes: list[ToldChange], counted: dict[tuple[str, str], int]) -> str:
    """`Moved Palletiser relocation`; of many records, how many: `Imported 20’000 opportunities`."""
    words = verb_words(verb)
    own = [change for change in changes if change.noun == verb.partition(".")[0]] or changes
    total: dict[str, int] = {}
    for (noun, _), count in counted.items():
        total[noun] = total.get(noun, 0) + count
    main = own[0].noun if own else ""
    if verb.partition(".")[0] not in nouns and sum(total.values()) > 1:
        parts = [
            f"{the_format().number(n)} {noun_words(noun, n)}" for noun, n in sorted(total.items(), key=lambda t: -t[1])
        ]
        return capitalized(f"{words} {', '.join(parts)}")
    if (meant := verb.partition(".")[0]) in total:  # what it was about may stand behind the changes that are shown
        main = meant
    if total.get(main, 0) > 1 or (main in total and main not in {change.noun for change in changes}):
        return capitalized(f"{words} {the_format().number(total[main])} {noun_words(main, total[main])}")
    label = own[0].label if own else ""
    return capitalized(f"{label} {words}" if verb.startswith(NAME_FIRST) else f"{words} {label}".strip())


def subject_of(verb: str, changes: list[Any], known: dict[Key, Any]) -> str:
    """` on Palletiser relocation`, where one thing was done that says little by itself."""
    own = [change for change in changes if change.noun == verb.partition(".")[0]]
    if len(own) != 1 or own[0].noun not in NAMED_WITH_SUBJECT:
        return ""
    subject = known.get((own[0].about_noun, own[0].about_id))
    return f" {JOINED_BY.get(verb, 'on')} {subject}" if subject is not None else ""


def taken_back(title: str, steps: int) -> str:
    if not steps:
        return title
    return f"{'Undid' if steps % 2 else 'Redid'}: {uncapitalized(title)}"


def title_on_own_page(told: Told, key: Key) -> str:
    """The title where the record needs no naming: `Moved`, `Gave a prognosis`, `Planned Call`."""
    done_to_it = told.root_verb.partition(".")[0] == key[0] and any(own == key for own, _ in told.about)
    if not done_to_it or told.undoes_id is not None:
        return told.title.removesuffix(f" {JOINED_BY.get(told.root_verb, 'on')} {told.known.get(key)}")
    return verb_alone(told.root_verb)
