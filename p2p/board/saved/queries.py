"""Questions about saved views."""

from sqlalchemy import bindparam, func, or_, select

from p2p.board.saved.models import BoardView
from p2p.db import db
from p2p.identity.queries import Person


def offered(user: Person) -> list[BoardView]:
    """What somebody can open, by name: their own views, and those for all."""
    return list(db.session.scalars(_OFFERED, {"user": user.id}))


_OFFERED = (
    select(BoardView)
    .where(BoardView.hidden.is_(False), or_(BoardView.owner_id == bindparam("user"), BoardView.shared.is_(True)))
    .order_by(BoardView.shared, func.lower(BoardView.name), BoardView.id)
)


def named(user: Person, name: str, *, shared: bool) -> BoardView | None:
    """The present view of this name: one's own, or one for all."""
    whose = BoardView.shared.is_(True) if shared else (BoardView.owner_id == user.id) & BoardView.shared.is_(False)
    rows = select(BoardView).where(BoardView.hidden.is_(False), whose, func.lower(BoardView.name) == name.lower())
    return db.session.scalars(rows.order_by(BoardView.id)).first()


def first_of(user: Person) -> BoardView | None:
    """The view that opens when somebody goes to the board, if it is still there for them."""
    view = db.session.get(BoardView, user.board_view_id) if user.board_view_id else None
    return view if view and not view.hidden and (view.shared or view.owner_id == user.id) else None
