"""Doors only the bench has: what no page and no change behind the same guards could do faster."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, request

from p2p.db import db
from p2p.identity import policy
from p2p.opportunities.models import Opportunity

bench_doors = Blueprint("bench", __name__)


@bench_doors.get("/bench/constant/<int:length>")
def constant(length: int) -> Response:
    """As many bytes as asked for, always the same."""
    kept: dict[int, bytes] = current_app.extensions.setdefault("bench_bytes", {})
    if length not in kept:
        kept[length] = b"<p>constant</p>".ljust(length)
    return Response(kept[length], mimetype="text/html")


@bench_doors.post("/bench/update/<int:id>")
def bare_update(id: int) -> Response:
    """One bare UPDATE, made durable."""
    table: Any = Opportunity.__table__
    db.session.execute(table.update().where(table.c.id == id).values(description=request.form["words"]))
    db.session.commit()
    return Response(status=204)


def open_doors(app: Flask) -> None:
    """Add them to an application, signed-in people only."""
    policy.DOORS |= {"bench.constant": policy.READ, "bench.bare_update": policy.EDIT}
    app.register_blueprint(bench_doors)
