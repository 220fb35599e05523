"""What of an open board changes with one card: that card in its place, the heads of the columns it left and came to."""

from typing import Any

from flask import g

from p2p.board.columns import KINDS, key_of
from p2p.board.heads.queries import Head
from p2p.board.showing import Board
from p2p.board.silence import telling as silence
from p2p.opportunities.models import Opportunity


def stands_in(board: Board, opportunity: Opportunity) -> str:
    """The key of the column an opportunity stands in on this board."""
    return key_of(board.view.by, getattr(opportunity, KINDS[board.view.by].fact.key), board.today)


def moved(board: Board, opportunity: Opportunity, left: str) -> dict[str, Any] | None:
    """What `_moved.html` shows of an opportunity that stood in column `left`; None where only the whole board tells.

    `cards` is the card, or none where the filter or the end of what is shown keeps it out of sight; `before` is the
    card it stands in front of.
    """
    came_to = stands_in(board, opportunity)
    awake = board.asked.woken(board.view.layout, board.narrowed)
    heads = board.asked.heads(board.view.by, board.narrowed, awake)
    shown = {column.key: column for column in board.columns_of(heads)}
    if not {left, came_to} <= shown.keys():
        return None
    limit = board.limit_of(shown[came_to], len(shown))
    rows = board.asked.columns(board.view.layout, {came_to: limit}, board.narrowed, awake, g.user.id)[came_to]
    at = next((index for index, row in enumerate(rows) if row.id == opportunity.id), None)
    stale = silence.told(board.view, [stage.id for stage in board.stages], board.watch, board.narrowed, awake)
    touched = [shown[key] for key in dict.fromkeys((left, came_to))]
    return {
        "board": board.menus | {"figures": board.figures_of([heads[key] for key in shown if key in heads])},
        "columns": [
            board.column_of(each, heads.get(each.key, Head()), 0, limit) | {"stale": stale.get(each.key)}
            for each in touched
        ],
        "id": opportunity.id,
        "list": came_to,
        "cards": [] if at is None else [board.writer()(rows[at])],
        "before": rows[at + 1].id if at is not None and at + 1 < len(rows) else None,
    }
