"""Doors of reports: one address each, narrowed by the words of the list of leads."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, url_for

from p2p import charts
from p2p.filters import the_format, today
from p2p.reports import periods, queries
from p2p.reports.asked import AskedForm, a_year_ago
from p2p.reports.tables import Address, Cell, Line, by_state, in_all, labels
from p2p.web import page, refused

reports = Blueprint("reports", __name__)


@reports.get("/")
def index() -> Response:
    """What there is to read."""
    return page("reports/index.html")


def _answer(name: str, figures: Callable[[AskedForm], dict[str, Any]], *, with_grain: bool = False) -> Response:
    """A report as it was asked for; where the question makes no sense, why."""
    form = AskedForm(with_grain=with_grain)
    if not form.validate():
        return refused(f"reports/{name}.html", form=form)
    return page(f"reports/{name}.html", form=form, **figures(form))


def _address(form: AskedForm, **narrower: Any) -> Address:
    """The list of the leads that a report is about, narrowed further."""
    return lambda **more: url_for("leads.index", **(form.narrowed | narrower | more))


def _lines(form: AskedForm, name: str) -> list[Line]:
    """The leads divided by one of the dimensions."""
    _, column, noun, none = queries.DIMENSIONS[name]
    counts = queries.count_by(form.narrowed, column)
    names = labels(noun, list({value for _, value in counts}), "nobody" if none == "nobody" else "not set")
    return by_state(counts, names, lambda value: _address(form, **{name: none if value is None else value}))


@reports.get("/leads")
def leads() -> Response:
    """Lead analysis: where leads stand, by owner, rating, priority and type, and why they were not qualified."""
    return _answer("leads", _analysis)


def _analysis(form: AskedForm) -> dict[str, Any]:
    tables = {queries.DIMENSIONS[name][0]: _lines(form, name) for name in ("rating", "priority", "owner", "type")}
    refusals = queries.by_reason(form.narrowed)
    closed, days = queries.days_to_close(form.narrowed)
    return {
        "states": queries.STATES,
        "total": in_all(tables["Owner"], _address(form)),
        "tables": tables,
        "reasons": [
            (label, Cell(refusals[id], _address(form, which="not_qualified", reason=id)()))
            for id, label in labels("reason", list(refusals)).items()
        ],
        "closed": closed,
        "days": days,
    }


@reports.get("/leads-by-source")
def sources() -> Response:
    """Leads by source, with what came of them."""
    return _answer("sources", _by_source)


def _by_source(form: AskedForm) -> dict[str, Any]:
    lines, came = _lines(form, "source"), queries.came_by_source(form.narrowed)
    by_label = {label: came[id] for id, label in labels("code", list(came)).items()}
    for line in lines:
        line.came = by_label.get(line.label, line.came)
    return {"states": queries.STATES, "lines": lines, "total": in_all(lines, _address(form))}


@reports.get("/new-leads")
def new_leads() -> Response:
    """New leads per day, week or month."""
    return _answer("new_leads", _trend, with_grain=True)


def _trend(form: AskedForm) -> dict[str, Any]:
    first, last = form.opened_from.data or a_year_ago(), form.opened_to.data or today()
    grain = periods.fitting(first, last, form.grain.data)
    counted = periods.counted(queries.opened_by_day(form.narrowed), first, last, grain)
    address = _address(form, which="all")
    rows = [
        (each, Cell(each.count, address(opened_from=each.first, opened_to=each.last) if each.count else None))
        for each in counted
    ]
    bars = charts.columns([(the_format().date(each.first), each.count) for each in counted])
    total = Cell(sum(each.count for each in counted), address())
    return {"rows": rows, "chart": bars, "grain": grain, "total": total}
