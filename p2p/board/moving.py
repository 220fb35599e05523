"""What of an open board changes with one card: that card in its place, the heads of the columns it left and came to."""

from typing import Any

from flask import g

from p2p.board import queries
from p2p.board.columns import KINDS, Column, key_of
from p2p.board.heads.queries import Head, Heads
from p2p.board.showing import Board
from p2p.board.silence import telling as silence
from p2p.opportunities.models import Opportunity


def stands_in(board: Board, opportunity: Opportunity) -> str:
    """The key of the column an opportunity stands in on this board."""
    return key_of(board.view.by, getattr(opportunity, KINDS[board.view.by].fact.key), board.today)


def moved(board: Board, id: int, left: str, came_to: str) -> dict[str, Any] | None:
    """What `_moved.html` shows of an opportunity that went from one column to another, or stayed; None where only the
    whole board tells.

    `cards` is the card, or none where the filter or the end of what is shown keeps it out of sight; `before` is the
    card it stands in front of.
    """
    awake = queries.woken(board.view.layout, board.narrowed)
    heads = queries.heads(board.view.by, board.narrowed, awake)
    shown = {column.key: column for column in board.columns_of(heads)}
    if not {left, came_to} <= shown.keys():
        return None
    limit = board.limit_of(shown[came_to], len(shown))
    rows, before = queries.placed(id, board.view.layout, came_to, limit, board.narrowed, awake, g.user.id)
    touched = [shown[key] for key in dict.fromkeys((left, came_to))]
    return {
        "board": board.around | {"figures": board.figures_of([heads[key] for key in shown if key in heads])},
        "columns": _headed(board, touched, heads, awake, limit),
        "id": id,
        "list": came_to,
        "cards": [*map(board.writer(), rows)],
        "before": before,
    }


def _headed(board: Board, touched: list[Column], heads: Heads, awake: list[Any], limit: int) -> list[dict[str, Any]]:
    """What `_head.html` shows of the columns that changed."""
    stages = [stage.id for stage in board.stages if str(stage.id) in {column.key for column in touched}]
    stale = silence.told(board.view, stages, board.watch, board.narrowed, awake)
    return [
        board.column_of(each, heads.get(each.key, Head()), 0, limit) | {"stale": stale.get(each.key)}
        for each in touched
    ]
