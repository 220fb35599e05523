"""One machine for everything that has a status: lead, opportunity, quotation."""

from typing import ClassVar


class IllegalMove(Exception):
    """A verb that the present status does not allow; the message says what is allowed."""

    def __init__(self, what: object, status: str, verb: str, allowed: list[str]) -> None:
        may = f"From here it can only {', '.join(allowed)}." if allowed else "Nothing more can be done with it."
        super().__init__(f"{what} is {status.replace('_', ' ')}: it cannot {verb.replace('_', ' ')}. {may}")
        self.verb, self.status, self.allowed = verb, status, allowed


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
