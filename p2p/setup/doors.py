"""What the doors of set-up share: the blueprint, where a list is shown, and forms about its entries."""

from typing import Any

from flask import Blueprint, request, url_for

from p2p.figures import rate_text
from p2p.setup import lists, queries
from p2p.setup.entries import told
from p2p.setup.models import Entry, NameTaken, Process, Reason

#: The doors stand in `views.py`, and those of processes where the people are known who do their steps.
setup = Blueprint("setup", __name__)
setup.add_app_template_filter(told, "used_by")
setup.add_app_template_filter(rate_text, "rate")


@setup.before_request
def _one_after_another() -> None:
    """Whoever changes set-up waits for whoever was first, before anything is read that the change depends on."""
    if request.method == "POST":
        queries.take_turns()


def place_of(listed: lists.EntryList) -> str:
    """The page that shows a list."""
    if listed.kind is Reason:
        return url_for("setup.reasons")
    if listed.kind is Process:
        return url_for("setup.processes")
    if listed.process is not None:
        return url_for("setup.process", id=listed.process.id)
    return url_for("setup.show", name=listed.within or listed.key)


def fitted(form: Any, listed: lists.EntryList) -> Any:
    """A form with the fields that entries of this list have; it leads back to the list."""
    form.next.data = form.next.data or place_of(listed)
    if hasattr(form, "of"):
        form.of(listed)
    return form


def complain(form: Any, error: Exception) -> None:
    """Say at the field, or at the head of the form, why the model refused."""
    field = next((form[name] for name in ("name", "percent") if name in form), None)
    if isinstance(error, NameTaken) and field is not None:
        field.errors = [*field.errors, str(error)]
    else:
        form.form_errors.append(str(error))


def rows_of(listed: list[lists.EntryList]) -> dict[str, Any]:
    """Entries and uses of some lists of one kind, as the tables show them."""
    uses = queries.uses(listed[0].kind) if listed else {}
    entries = {each.within: each.entries() for each in listed}
    return {"entries": entries, "uses": uses, "here": request.path}


def entry_said(entry: Entry, what: str, process: Process | None = None) -> str:
    """What happened to an entry, and which edition it went into where its process was in use."""
    return f"“{entry}” {what}{lists.news_of(process or getattr(entry, 'in_process', None))}"
