"""Doors of campaigns: the list, the page of one, and what came of it."""

from flask import Blueprint, Response, abort, g, request, url_for

from p2p.campaigns import queries
from p2p.campaigns.forms import CampaignForm, NewCampaignForm, fact_form
from p2p.campaigns.models import Campaign
from p2p.db import db
from p2p.listing import answer
from p2p.views import archive_doors, edited, form_page
from p2p.web import found, moved_to, page, repeated, spend_key

campaigns = Blueprint("campaigns", __name__)
archive_doors(campaigns, Campaign)


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
    if again := repeated():
        return again
    form = NewCampaignForm(data={"owner_id": g.user.id} if request.method == "GET" else None)
    if not form.validate_on_submit():
        return form_page(form, "New campaign", "Start it", url_for("campaigns.index"))
    campaign = Campaign.start(form.facts, by=g.user)
    location = url_for("campaigns.show", id=campaign.id)
    spend_key(location)
    db.session.commit()
    return moved_to(location, f"{campaign} was started.")


@campaigns.route("/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> Response:
    """Everything about it on one form."""
    campaign = found(Campaign, id)
    return edited(campaign, CampaignForm(campaign, money_in=campaign.currency), f"Edit campaign {campaign}")


@campaigns.route("/<int:id>/facts/<name>", methods=["GET", "POST"])
def fact(id: int, name: str) -> Response:
    """One fact, or both dates, edited in place."""
    campaign = found(Campaign, id)
    form = fact_form(campaign, name)
    if form is None:
        abort(404)
    label = "Dates" if name == "dates" else form[name].label.text
    return edited(campaign, form, f"{label} of campaign {campaign}")
