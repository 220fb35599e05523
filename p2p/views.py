"""Doors that every noun has in the same way."""

from flask import Blueprint, Response, g, url_for

from p2p.archiving import Archivable
from p2p.db import db
from p2p.web import changed, found


def archive_doors(blueprint: Blueprint, cls: type[Archivable]) -> None:
    """Give a noun the doors `archive` and `restore`; who may pass them is decided by its verbs."""

    def archive(id: int) -> Response:
        """Put it away."""
        record = found(cls, id)
        record.archive(by=g.user)
        db.session.commit()
        return changed(url_for(f"{blueprint.name}.show", id=id), f"{record} was archived.")

    def restore(id: int) -> Response:
        """Bring it back."""
        record = found(cls, id)
        record.restore(by=g.user)
        db.session.commit()
        return changed(url_for(f"{blueprint.name}.show", id=id), f"{record} was restored.")

    for door in (archive, restore):
        blueprint.add_url_rule(f"/<int:id>/{door.__name__}", door.__name__, door, methods=["POST"])
