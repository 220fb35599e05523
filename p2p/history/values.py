"""Which columns the log keeps, and how their values look in it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import inspect

from p2p.db import instant_text


def encode(value: Any) -> Any:
    """A column's value as JSON holds it; `decode` is the way back."""
    if isinstance(value, datetime):
        return instant_text(value.astimezone(UTC))
    return value.isoformat() if isinstance(value, date) else value


def decode(column: Any, value: Any) -> Any:
    """A value of the log as the column takes it."""
    if value is None or not isinstance(value, str):
        return value
    kind = column.type.python_type
    return kind.fromisoformat(value) if kind in (date, datetime) else value


_columns: dict[Any, list[tuple[str, Any]]] = {}


def recorded_columns(cls: Any) -> list[tuple[str, Any]]:
    """The (key, column) pairs of a noun that history keeps: no id, no version, nothing computed, no secret."""
    if cls not in _columns:
        _columns[cls] = [
            (attribute.key, attribute.columns[0])
            for attribute in inspect(cls).column_attrs
            if attribute.key not in ("id", "version")
            and attribute.columns[0].computed is None
            and not attribute.columns[0].info.keys() & {"secret", "counted"}
        ]
    return _columns[cls]
