"""What we accept about a copy of a lead."""

from typing import Any

from wtforms import BooleanField

from p2p import forms
from p2p.forms import CreateForm

#: What can be asked for: its label, whether it is ticked at first, and whether there may be several.
PARTS = {
    "contacts": ("Contacts", True, True),
    "description": ("Description", True, False),
    "classification": ("Type, priority and rating", True, False),
    "source": ("Source and campaign", False, False),
    "activities": ("Open activities", False, True),
    "files": ("Files", False, True),
}


class CopyForm(CreateForm):
    """A copy: its subject, and what it takes along of what there is."""

    subject = forms.line("Subject", required=True)
    contacts, description, classification, source, activities, files = (
        BooleanField(label, default=ticked) for label, ticked, _ in PARTS.values()
    )

    def __init__(self, there: dict[str, int], **kw: Any) -> None:
        super().__init__(**kw)
        for name, (_, _, several) in PARTS.items():
            if name not in there:
                del self[name]
            elif several:
                self[name].description = f"{there[name]} to take along"

    @property
    def parts(self) -> set[str]:
        return {name for name in PARTS if name in self and self[name].data}
