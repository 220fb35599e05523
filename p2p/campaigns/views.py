"""Doors of campaigns: the list, the page of one, and what came of it."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.campaigns import queries
from p2p.campaigns.forms import CampaignForm, NewCampaignForm, fact_form
from p2p.campaigns.models import Campaign
from p2p.db import db
from p2p.listing import answer
from p2p.views import archive_doors
from p2p.web import changed, found, moved_to, page, refused, repeated, spend_key

campaigns = Blueprint("campaigns", __name__)
archive_doors(campaigns, Campaign)

FORM = {"template": "parties/form.html", "live": "parties/_form.html"}


@campaigns.get("/")
def index() -> Response:
    """All campaigns, each with how many leads and opportunities came from it."""
    return answer(queries.listing(), "campaigns/index.html", live="campaigns/_index.html")


@campaigns.get("/<int:id>")
def show(id: int) -> Response:
    """One campaign: its facts, its cost, and what came of it."""
    context = {"campaign": found(Campaign, id), "results": queries.results(id)}
    return page("campaigns/show.html", live="campaigns/_campaign.html", **context)


@campaigns.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """Start a campaign."""
    if again := (request.method == "POST" and repeated()):
        return again
    form = NewCampaignForm(data={"owner_id": g.user.id} if request.method == "GET" else None)
    if not form.validate_on_submit():
        shown: Any = refused if form.is_submitted() else page
        texts = {"title": "New campaign", "button": "Start it", "back": url_for("campaigns.index")}
        return shown(**FORM, form=form, action=url_for("campaigns.new"), **texts)
    campaign = Campaign.start(form.facts, by=g.user)
    location = url_for("campaigns.show", id=campaign.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{campaign} was started.")


@campaigns.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Everything about it on one form."""
    campaign = found(Campaign, id)
    form = CampaignForm(campaign, money_in=campaign.currency)
    return _edited(campaign, form, f"Edit campaign {campaign}", url_for("campaigns.edit", id=id))


@campaigns.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, or both dates, edited in place."""
    campaign = found(Campaign, id)
    form = fact_form(campaign, name)
    if form is None:
        abort(404)
    label = "Dates" if name == "dates" else form[name].label.text
    return _edited(campaign, form, f"{label} of campaign {campaign}", url_for("campaigns.fact", id=id, name=name))


def _edited(campaign: Campaign, form: Any, title: str, action: str) -> Response:
    back = url_for("campaigns.show", id=campaign.id)
    if not form.validate_on_submit():
        shown: Any = refused if form.is_submitted() else page
        return shown(**FORM, form=form, title=title, button="Save", action=action, back=back)
    campaign.edit(form.merged_into(campaign), by=g.user)
    db.session.commit()
    return changed(back, f"{campaign} was saved.")
