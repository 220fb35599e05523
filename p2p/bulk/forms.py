"""What the forms of bulk changes have in common: each tells what its records would become."""

from typing import Any, ClassVar, Self

from p2p.bulk.changes import Lines
from p2p.forms import Form


class BulkForm(Form):
    """A change of many records: its words, the verb history tells it with, and what it does."""

    title: ClassVar[str] = ""
    done: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    @classmethod
    def about(cls, records: list[Any]) -> Self:
        """The form for these records."""
        return cls()

    @property
    def lines(self) -> Lines:
        """What each record would become, as far as the form is filled in."""
        raise NotImplementedError
