"""Doors that every noun has in the same way."""

from typing import Any

from flask import Blueprint, Response, abort, g, url_for

from p2p.archiving import Archivable
from p2p.db import db
from p2p.forms import EditForm, one_fact
from p2p.history import Recorded
from p2p.history.wording import place
from p2p.web import asking, back, changed, found


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


def edit_doors(blueprint: Blueprint, cls: type[Recorded], form_class: type[EditForm], called: str = "") -> None:
    """Give a noun the doors `edit` and `fact`; `called` is what stands before its name: “Edit prospect Sonnberg”."""

    def edit(id: int) -> Response:
        """Everything about it on one form."""
        record = found(cls, id)
        return edited(record, form_class(record), f"Edit {called}{record}")

    def fact(id: int, name: str) -> Response:
        """One fact, edited in place."""
        record, one = found(cls, id), one_fact(form_class, name)
        form = one(record) if one else abort(404)
        return edited(record, form, f"{form[name].label.text} of {called}{record}")

    for door, where in ((edit, "edit"), (fact, "facts/<name>")):
        blueprint.add_url_rule(f"/<int:id>/{where}", door.__name__, door, methods=["GET", "POST"])


def edited(record: Any, form: Any, title: str) -> Response:
    """What was sent is saved; until then, its form."""
    if not form.validate_on_submit():
        return form_page(form, title, "Save", _address(record))
    record.edit(form.merged_into(record), by=g.user)
    db.session.commit()
    return changed(_address(record), f"{record} was saved.")


def form_page(form: Any, title: str, button: str, back: str, **context: Any) -> Response:
    """The form of a record: one that makes it, or edits it."""
    return asking("form.html", live="_form.html", form=form, title=title, button=button, back=back, **context)


def form_about(record: Any, form: Any, title: str, action: str) -> Response:
    """The form of something that is done with a lead or an opportunity; it leads back where it was opened."""
    context = {"record": record, "title": title, "action": action, "back_url": back(_address(record))}
    return asking("form_about.html", live="_form_about.html", form=form, **context)


def _address(record: Recorded) -> str:
    return place((record.noun, record.id)) or "/"
