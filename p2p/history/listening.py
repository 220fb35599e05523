"""The one listener that sees every change of a recorded noun and hands it to the open operation."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from p2p.db import db
from p2p.history.log import Values
from p2p.history.recording import OpenOperation, Recorded, UnrecordedChange
from p2p.history.values import encode, recorded_columns


@event.listens_for(db.session, "after_flush")
def _remember(session: Session, context: Any) -> None:
    for this in session.deleted:
        if isinstance(this, Recorded):
            raise UnrecordedChange(f"{this.noun} {this.id} was to be deleted; recorded nouns are hidden instead")
    # `dirty` is a set: in order of number, the log tells the same things in the same order every time.
    dirty = sorted((this for this in session.dirty if isinstance(this, Recorded)), key=lambda t: (t.noun, t.id))
    for this in (*(this for this in session.new if isinstance(this, Recorded)), *dirty):
        created = this in session.new
        values = _flushed_values(this, created)
        if not values and not created and not session.is_modified(this):
            continue
        opened: OpenOperation | None = session.info.get("operation")
        if opened is None:
            raise UnrecordedChange(f"{this.noun} {this.id} was changed outside an operation")
        opened.record(this.noun, this.id, "created" if created else "changed", this.version, this.about(), values)


def _flushed_values(this: Recorded, created: bool) -> Values:
    state = inspect(this)
    values: Values = {}
    for key, _ in recorded_columns(type(this)):
        if created:
            after = encode(state.dict.get(key))
            if after is not None and key != "hidden":
                values[key] = [None, after]
        else:
            history = state.attrs[key].history
            if history.added:
                before = encode(history.deleted[0]) if history.deleted else None
                values[key] = [before, encode(history.added[0])]
    return values


@event.listens_for(db.session, "do_orm_execute")
def _no_way_around(state: Any) -> None:
    """Bulk statements pass the listener by, so they need an operation that records what they do."""
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("operation"):
        cls = state.bind_mapper.class_ if state.bind_mapper else None
        if cls is not None and issubclass(cls, Recorded):
            raise UnrecordedChange(f"{cls.noun} was changed outside an operation")
