"""What the import accepts: a file, decisions about its columns, and the word to go."""

from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from p2p.exchange.kinds import KINDS
from p2p.exchange.runs.models import ImportRun
from p2p.forms import CreateForm

ENCODINGS = ["utf-8", "cp1252", "iso-8859-15", "utf-16", "mac-roman"]
DELIMITERS = [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]


class UploadForm(CreateForm):
    """A file to be looked at; nothing is imported yet."""

    kind = SelectField("It holds", choices={"": "what its headings say"} | {name: name for name in KINDS})
    file = FileField(
        "File",
        [FileRequired("Please choose a file.")],
        description="CSV, or vCards (.vcf) of contacts, up to 64 MB. The first line of a CSV file names the columns; "
        "which ones it has, and how dates and numbers are written, is found by content and shown before anything is "
        "imported.",
        render_kw={"accept": ".csv,.tsv,.txt,.vcf,text/csv,text/vcard"},
    )


def decided(run: ImportRun) -> dict[str, str]:
    """The decisions of the posted mapping: what was decided before, and what differs from what was shown."""
    shown = {field["name"]: field for field in run.found.get("fields", [])}
    given = dict(run.mapping)
    for field in KINDS[run.kind].fields if run.kind else ():
        was: dict[str, Any] = shown.get(field.name, {"column": "", "format": ""})
        column = request.form.get(f"column.{field.name}", was["column"])
        if column != was["column"]:
            given[field.name] = column
            given.pop(f"{field.name}.format", None)  # another column is written its own way
        form = request.form.get(f"format.{field.name}", was["format"])
        if form != was["format"]:
            given[f"{field.name}.format"] = form
    return {name: value for name, value in given.items() if value or not name.endswith(".format")}


def kind_decided(run: ImportRun) -> str:
    """What the file is said to hold, where somebody said otherwise than it was taken for."""
    told = request.form.get("kind", run.kind)
    return told if told in KINDS else run.kind


def dialect() -> dict[str, str]:
    """How the file is to be read, where somebody said so, and whether it fills blanks."""
    known = {"encoding": ENCODINGS, "delimiter": [mark for mark, _ in DELIMITERS], "fill": ["1"]}
    told = {name: request.form.get(name, "") for name in known}
    return {name: value for name, value in told.items() if value in known[name]}
