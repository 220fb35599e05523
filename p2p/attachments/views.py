"""Doors of attachments: the files on a record, adding to them, and one of them."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, redirect, request, send_file, url_for

from p2p.archiving import Archivable
from p2p.attachments import files, queries
from p2p.attachments.forms import MOST_FILES, AttachForm, AttachmentForm
from p2p.attachments.models import Attachment
from p2p.db import db
from p2p.errors import problem
from p2p.forms import whole
from p2p.history import nouns
from p2p.history.wording import place
from p2p.views import archive_doors
from p2p.web import asking, changed, found, page, refused, repeated, spend_key

attachments = Blueprint("attachments", __name__)
archive_doors(attachments, Attachment)

PER_PAGE = 50
#: A file is never shown here, only handed over; should a browser show it all the same, it may do nothing.
LOCKED_UP = "sandbox; default-src 'none'; frame-ancestors 'none'"


def _subject(noun: str, id: int) -> Any:
    """The present record of a kind that carries files: whatever can be put away, but for files themselves."""
    cls = nouns.get(noun)
    if cls is None or cls is Attachment or not issubclass(cls, Archivable):
        abort(404)
    return found(cls, id)


def _attachment(id: int) -> tuple[Attachment, Any]:
    """A present attachment and the record it hangs on, which must be present as well."""
    attachment: Attachment = found(Attachment, id)
    return attachment, _subject(attachment.subject_noun, attachment.subject_id)


def _place_of(subject: Any) -> str:
    own = url_for("attachments.on", noun=subject.noun, id=subject.id)
    return place((subject.noun, subject.id), subject.about()) or own


@attachments.get("/on/<noun>/<int:id>")
def on(noun: str, id: int) -> Response:
    """The files on a record, latest first; a form that adds to them."""
    return _listed(page, _subject(noun, id), AttachForm())


def _listed(shown: Any, subject: Any, form: AttachForm) -> Response:
    archived, before = "archived" in request.args, whole(request.args.get("before"))
    rows = queries.on(subject.noun, subject.id, before=before, archived=archived, limit=PER_PAGE + 1)
    return shown(
        "attachments/on.html",
        live="attachments/_on.html",
        form=form,
        subject=subject,
        place=_place_of(subject),
        files=rows[:PER_PAGE],
        older=rows[PER_PAGE - 1].id if len(rows) > PER_PAGE else None,
        before=before,
        archived=archived,
        put_away=queries.count_archived(subject.noun, subject.id),
        limits=(current_app.config["ATTACHMENT_LIMIT"], MOST_FILES, current_app.config["MAX_CONTENT_LENGTH"]),
    )


@attachments.route("/on/<noun>/<int:id>/add", methods=["GET", "POST"])
def add(noun: str, id: int) -> Any:
    """Attach what was chosen or dropped: every file, or none. Coming back here shows what there is."""
    form = AttachForm()
    if request.method != "POST":
        return redirect(url_for("attachments.on", noun=noun, id=_subject(noun, id).id), 303)
    if not form.validate_on_submit():
        return _listed(refused, _subject(noun, id), form)
    _subject(noun, id)
    db.session.rollback()  # while the disk is at work, nobody waits for the database
    kept = [facts | files.keep(file.stream)._asdict() for file, facts in form.checked]
    if again := repeated():
        return again
    subject = _subject(noun, id)
    attached = Attachment.attach(subject, kept, by=g.user)
    what = f"“{attached[0]}” was" if len(attached) == 1 else f"{len(attached)} files were"
    spend_key(_place_of(subject))
    db.session.commit()
    return changed(_place_of(subject), f"{what} attached.")


@attachments.get("/<int:id>")
def show(id: int) -> Response:
    attachment, subject = _attachment(id)
    facts = {"attachment": attachment, "subject": subject, "place": _place_of(subject)}
    return page("attachments/show.html", live="attachments/_show.html", **facts)


@attachments.get("/<int:id>/file")
def file(id: int) -> Response:
    """The file itself, to be kept, never to be shown in here."""
    attachment, _ = _attachment(id)
    path = files.whole(attachment.digest, attachment.size)
    if path is None:
        current_app.logger.error("attachment %s: its file %s is missing or damaged", id, attachment.digest)
        words = f"“{attachment}” is listed, but its bytes are missing or damaged on the server."
        return problem(410, "This file is lost", f"{words} An administrator can put the folder “files” of a copy back.")
    answer = send_file(path, attachment.media_type, True, attachment.name, etag=attachment.digest)
    answer.headers["Content-Security-Policy"] = LOCKED_UP
    return answer


@attachments.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Another name, a note."""
    attachment, subject = _attachment(id)
    form = AttachmentForm(attachment)
    if not form.validate_on_submit():
        context = {"form": form, "attachment": attachment, "subject": subject}
        return asking("attachments/edit.html", live="attachments/_edit.html", **context)
    attachment.edit(form.merged_into(attachment), by=g.user)
    db.session.commit()
    return changed(url_for("attachments.show", id=id), f"“{attachment}” was saved.")
