"""What the forms of bulk changes have in common: each tells what its records would become."""

from typing import ClassVar

from p2p.bulk.changes import Lines
from p2p.forms import Form


class BulkForm(Form):
    """A change of many records: its words, the verb history tells it with, and what it does."""

    title: ClassVar[str] = ""
    done: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    @property
    def lines(self) -> Lines:
        """What each record would become, as far as the form is filled in."""
        raise NotImplementedError
