"""Doors of the ways to reach a party; they stand on its page, and on the pages of the contacts it is the person of."""

from typing import Any

from flask import Blueprint, Response, abort, g, url_for

from p2p.db import db
from p2p.parties.channels import queries
from p2p.parties.channels.forms import known_channel, new_channel, refuse
from p2p.parties.channels.kinds import KINDS
from p2p.parties.channels.models import Channel, KeptAlready
from p2p.parties.models import Party
from p2p.web import asking, changed, found, repeated, spend_key

channels = Blueprint("channels", __name__)


@channels.route("/<int:id>/channels/<kind>", methods=["GET", "POST"])
def add(id: int, kind: str) -> Response:
    """A further phone, e-mail address, address or web site."""
    if again := repeated():
        return again
    party = found(Party, id)
    form = new_channel(kind, first=not queries.of_party(id, kind)) if kind in KINDS else abort(404)
    shown = {"form": form, "title": f"Add {KINDS[kind].lower()} to {party}", "button": "Add", "back": _place(party)}
    if not form.validate_on_submit():
        return _shown(**shown)
    try:
        channel = Channel.add(party, kind, form.facts, by=g.user)
    except KeptAlready as kept:
        refuse(form, kept)
        return _shown(**shown)
    spend_key(_place(party))
    db.session.commit()
    return changed(_place(party), f"{channel} was added.")


@channels.route("/<int:id>/channels/<int:channel_id>", methods=["GET", "POST"])
def edit(id: int, channel_id: int) -> Response:
    """What it says, what it is for, and whether it is the primary one."""
    party, channel = found(Party, id), _channel(id, channel_id)
    form, title = known_channel(channel), f"{KINDS[channel.kind]} of {party}"
    shown = {"form": form, "title": title, "button": "Save", "back": _place(party)}
    shown |= {"removal": url_for("channels.remove", id=id, channel_id=channel_id), "about": str(channel)}
    if not form.validate_on_submit():
        return _shown(**shown)
    try:
        channel.edit(form.merged_into(channel), by=g.user)
    except KeptAlready as kept:
        refuse(form, kept)
        return _shown(**shown)
    db.session.commit()
    return changed(_place(party), f"{channel} was saved.")


@channels.post("/<int:id>/channels/<int:channel_id>/removal")
def remove(id: int, channel_id: int) -> Response:
    """Take it away; the next of its kind becomes primary where it was."""
    party, channel = found(Party, id), _channel(id, channel_id)
    channel.remove(by=g.user)
    db.session.commit()
    return changed(_place(party), f"{channel} was removed.")


def _channel(party_id: int, channel_id: int) -> Channel:
    """A channel of this very party, else 404."""
    channel: Channel = found(Channel, channel_id)
    return channel if channel.party_id == party_id else abort(404)


def _place(party: Party) -> str:
    return url_for("parties.show", id=party.id)


def _shown(form: Any, **context: Any) -> Response:
    return asking("parties/channel.html", live="parties/_channel.html", form=form, **context)
