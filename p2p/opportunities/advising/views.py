"""Doors of advice: what to do next about an opportunity, and (a part of set-up) which rules say so."""

from flask import Response, abort, g, request, url_for

from p2p.db import db
from p2p.opportunities.advising import queries
from p2p.opportunities.advising.advice import advice_about, settings
from p2p.opportunities.advising.forms import AdviceRuleForm
from p2p.opportunities.advising.models import AdviceRule, Dismissal
from p2p.opportunities.advising.rules import BY_KEY, RULES, Rule, Setting
from p2p.opportunities.doors import address, opportunities
from p2p.opportunities.models import Opportunity
from p2p.setup.doors import setup
from p2p.web import asking, changed, found, page

GONE = "This suggestion does not stand any more as it was shown. Look again."


@opportunities.get("/<int:id>/advice")
def advice(id: int) -> Response:
    """What to do next, each with its reason, and what the team dismissed."""
    opportunity = found(Opportunity, id)
    context = {"opportunity": opportunity, "advice": advice_about(opportunity)}
    return page("advising/advice.html", live="advising/_advice.html", **context)


@opportunities.post("/<int:id>/advice/<rule>/dismissal")
def dismiss_advice(id: int, rule: str) -> Response:
    """Not again while the reason is the same, for nobody of the team."""
    opportunity = found(Opportunity, id)
    if rule not in BY_KEY:
        abort(404)
    suggestion = advice_about(opportunity).standing_as(rule, request.form.get("situation", ""))
    if suggestion is None:
        abort(409, GONE)
    Dismissal.dismiss(opportunity, suggestion, by=g.user)
    db.session.commit()
    return changed(address(opportunity), f"“{suggestion.what}” is dismissed until something changes.")


@opportunities.post("/<int:id>/advice/<int:dismissal_id>/return")
def return_advice(id: int, dismissal_id: int) -> Response:
    """It is to be read again."""
    opportunity, dismissal = found(Opportunity, id), found(Dismissal, dismissal_id)
    if dismissal.opportunity_id != opportunity.id:
        abort(404)
    dismissal.withdraw(by=g.user)
    said = f"{dismissal} is back."
    db.session.commit()
    return changed(address(opportunity), said)


# ── Which rules speak ───────────────────────────────────────────────────────────────────────────────────────────────


@setup.get("/advice")
def advice_rules() -> Response:
    """Every rule: what it says, and whether it is switched on."""
    kept = settings()
    rows = [(rule, kept.get(rule.key, Setting(days=rule.days))) for rule in RULES]
    return page("advising/rules.html", live="advising/_rules.html", rules=rows)


@setup.route("/advice/<rule>", methods=["GET", "POST"])
def advice_rule(rule: str) -> Response:
    """One rule: on or off, and its number of days."""
    known, row = _rule(rule), queries.setting(rule)
    form = AdviceRuleForm(known, row)
    if not form.validate_on_submit():
        return asking("advising/rule.html", live="advising/_rule.html", form=form, rule=known)
    AdviceRule.set(rule, form.facts_for(row), by=g.user)
    db.session.commit()
    return changed(url_for("setup.advice_rules"), f"“{known.name}” was saved.")


@setup.post("/advice/<rule>/<any(on, off):way>")
def switch_advice(rule: str, way: str) -> Response:
    """One rule on or off."""
    known = _rule(rule)
    AdviceRule.set(rule, {"active": way == "on"}, by=g.user)
    db.session.commit()
    return changed(url_for("setup.advice_rules"), f"“{known.name}” is {way}.")


def _rule(key: str) -> Rule:
    return BY_KEY.get(key) or abort(404)
