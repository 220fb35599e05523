"""The numbers of opportunities: in sequence, around those that were given by hand."""

from p2p.filters import today
from p2p.setup.models import Sequence


def next_number() -> str:
    """The next number nobody took by hand; those of undone opportunities stay theirs."""
    from p2p.opportunities.queries import with_number

    while with_number(number := Sequence.next("opportunity", today().year)):
        pass
    return number
