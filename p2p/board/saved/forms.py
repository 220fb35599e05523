"""What we accept about saved views."""

from typing import Any

from flask import g
from wtforms import BooleanField, HiddenField
from wtforms.validators import ValidationError

from p2p import forms
from p2p.board.addresses import View, view_of
from p2p.board.saved import queries
from p2p.board.saved.models import LONGEST, BoardView
from p2p.forms import CreateForm, EditForm
from p2p.identity import policy

NOT_FOR_ALL = "Views for all are kept by those who may edit."


class Named:
    """A name, and whether it is for all: that takes the right to edit."""

    name = forms.line("Name", required=True, longest=60)
    shared = BooleanField("For all")

    def validate_shared(self, field: Any) -> None:
        if field.data and not policy.may(g.user, policy.EDIT):
            raise ValidationError(NOT_FOR_ALL)


class SaveForm(Named, CreateForm):
    """The address shown under a name; one of that name takes it over."""

    asked = HiddenField()
    first = BooleanField("Open it first when I go to the board")

    @property
    def view(self) -> View:
        return view_of(self.asked.data or "")

    def save(self, *, by: Any) -> tuple[BoardView, bool]:
        """The view, and whether it is a new one."""
        facts = {"query": self.view.query[:LONGEST]}
        known = queries.named(by, self.name.data, shared=self.shared.data)
        if known:
            known.edit(facts, by=by)
        else:
            known = BoardView.save(facts | {"name": self.name.data, "shared": self.shared.data}, by=by)
        return known, known.version == 1


class BoardViewForm(Named, EditForm):
    """Name, and for whom."""
