"""One machine for everything that has a status: lead, opportunity, quotation."""

from typing import ClassVar

#: Verbs whose participle is irregular, and those whose status is called otherwise.
DONE = {
    "win": "won",
    "lose": "lost",
    "cancel": "canceled",
    "qualify": "qualified",
    "disqualify": "disqualified",
    "postpone": "postponed",
    "resume": "resumed",
    "reactivate": "reactivated",
    "finish": "finished",
    "reopen": "reopened",
    "convert": "converted",
}


def _be_done(verb: str) -> str:
    """A verb as it is suffered: `be won`; a phrase like `change its estimate` as it is."""
    return f"be {DONE[verb]}" if verb in DONE else verb.replace("_", " ")


def _leads_to(what: object, verb: str) -> set[str | None]:
    """The statuses a verb leads to, whatever the present one; of things without a table, its participle."""
    moves: dict[str, dict[str, str]] = getattr(what, "moves", {})
    return {to[verb] for to in moves.values() if verb in to} or {DONE.get(verb)}


class IllegalMove(Exception):
    """A verb that the present status does not allow; the message says what is true and what is allowed."""

    title = "That is not possible any more"

    def __init__(self, what: object, status: str, verb: str, allowed: list[str]) -> None:
        stands = status.replace("_", " ")
        if status in _leads_to(what, verb):
            told = f"{what} is {stands} already."
        else:
            told = f"{what} is {stands}, so it cannot {_be_done(verb)}."
        *others, last = [_be_done(each).removeprefix("be ") for each in allowed] or [""]
        may = f" It can only be {', '.join(others)}{' or ' if others else ''}{last}." if last else ""
        super().__init__(told + may)
        self.verb, self.status, self.allowed = verb, status, allowed


class Unmet(IllegalMove):
    """A move that asks for more to be done first: `missing` names it."""

    title = "Something comes first"

    def __init__(self, what: object, missing: list[str], verb: str) -> None:
        Exception.__init__(self, f"Before {what} can {verb}, this is to be done: {', '.join(missing)}.")
        self.verb, self.missing = verb, missing


class Stateful:
    """Mix in beside a `status` column; `moves` is the table of states: status → verb → next status."""

    moves: ClassVar[dict[str, dict[str, str]]]
    status: object

    def may(self, verb: str) -> bool:
        return verb in self.moves[str(self.status)]

    def go(self, verb: str) -> None:
        """Take the move `verb`; raises IllegalMove and changes nothing where the table has none."""
        allowed = self.moves[str(self.status)]
        if verb not in allowed:
            raise IllegalMove(self, str(self.status), verb, list(allowed))
        self.status = allowed[verb]
