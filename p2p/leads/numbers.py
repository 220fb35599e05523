"""The numbers of leads: in sequence, around those that were given by hand."""

from p2p.filters import today
from p2p.setup.models import Sequence


def next_number() -> str:
    """The next number nobody took by hand; those of undone leads stay theirs."""
    from p2p.leads.queries import with_number

    while with_number(number := Sequence.next("lead", today().year)):
        pass
    return number
