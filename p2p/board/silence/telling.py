"""What the head of a column says of what is stale in it."""

from typing import Any

from p2p.board.addresses import View
from p2p.board.silence.queries import MOST, Quiet, quiet
from p2p.opportunities.advising.silence import AMBER, RED, Watch
from p2p.opportunities.narrowing.filters import Narrowed

Words = list[tuple[str, str, str, bool]]
"""(state, words, the address that shows them alone, whether it does so already)."""


def told(view: View, stage_ids: list[int], watch: Watch, narrowed: Narrowed, woken: list[Any]) -> dict[str, Words]:
    """Key of a column → what is stale there; nothing where columns are no stages."""
    if view.by != "stage":
        return {}
    shown = [id for id in stage_ids if str(id) not in view.fold]
    return {str(id): _words(view, found) for id, found in quiet(shown, watch, narrowed, woken).items() if found.stale}


def _words(view: View, found: Quiet) -> Words:
    asked, more = view.typed.get("stale"), "+" if found.stale >= MOST else ""
    counted = ((AMBER, "1", found.stale, "stale"), (RED, RED, found.long, "long"))
    return [
        (
            state,
            f"{count}{more} {words}",
            view.url(stale=None if asked == key else key),
            asked == key,
        )
        for state, key, count, words in counted
        if count
    ]
