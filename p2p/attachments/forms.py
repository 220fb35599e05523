"""What we accept as attachments."""

import os
from typing import IO, Any

from flask import current_app
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import ValidationError

from p2p import forms
from p2p.attachments import kinds
from p2p.filters import file_size
from p2p.forms import CreateForm, EditForm, line

MOST_FILES = 20


def size_of(stream: IO[bytes]) -> int:
    """How many bytes there are; reading begins at the first again."""
    stream.seek(0, os.SEEK_END)
    size = stream.tell()
    stream.seek(0)
    return size


def checked(file: FileStorage) -> dict[str, Any]:
    """Name and media type of a file that may be attached; raises Refused."""
    name, stream = kinds.cleaned(file.filename or ""), file.stream
    size, most = size_of(stream), current_app.config["ATTACHMENT_LIMIT"]
    if size > most:
        raise kinds.Refused(
            f"“{name}” has {file_size(size)}; at most {file_size(most)} are taken. Make it smaller, or attach a note "
            "that says where it is."
        )
    head = stream.read(kinds.HEAD)
    stream.seek(0)
    return {"name": name, "media_type": kinds.media_type(name, head)}


class AttachForm(CreateForm):
    """Files to attach, all or none."""

    files = MultipleFileField("Add files")

    def validate_files(self, field: MultipleFileField) -> None:
        chosen = [file for file in field.data or [] if isinstance(file, FileStorage) and file.filename]
        if not chosen:
            raise ValidationError("Choose at least one file.")
        if len(chosen) > MOST_FILES:
            raise ValidationError(f"{len(chosen)} files are too many at once: send {MOST_FILES}, then the rest.")
        self.checked: list[tuple[FileStorage, dict[str, Any]]] = []
        refusals = []
        for file in chosen:
            try:
                self.checked.append((file, checked(file)))
            except kinds.Refused as refusal:
                refusals.append(str(refusal))
        if refusals:
            others = "Nothing was attached: choose the others again." if len(chosen) > 1 else ""
            raise ValidationError(" ".join([*refusals, others]).strip())


class AttachmentForm(EditForm):
    """What a file is called, and a note on it."""

    name = line("File name", required=True, longest=kinds.LONGEST_NAME)
    note = forms.text("Note", longest=1000)

    def validate_name(self, field: Any) -> None:
        """The ending says what a file is, so it stays; the rest is made harmless."""
        field.data = kinds.cleaned(field.data or "")
        was = kinds.ending(field.object_data or "")
        if kinds.ending(field.data) != was:
            raise ValidationError(f"The name must keep its ending .{was}, which says what is in the file.")
