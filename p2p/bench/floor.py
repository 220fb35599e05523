"""The floor of the board: one statement to the database's own driver, one plain template, nothing else.

It makes the very bytes of the board's living part, without Flask, SQLAlchemy, sessions, rights or filters; the only
things it is given are the three tokens that differ from request to request.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment

from p2p.engine import sqlite  # type: ignore[attr-defined]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

CARDS = """
select o.id, o.version, o.subject, p.name, o.stage_id, o.prognosis_id, o.probability, o.probability_manual,
  o.revenue_company, o.decide_by, a.id, a.purpose, a.due_on, u.name,
  o.owner_id is null or o.owner_id = :me or exists (
    select 1 from opportunity_member m where m.opportunity_id = o.id and m.user_id = :me and not m.hidden),
  case when o.touched_at > o.stage_entered_at then o.touched_at else o.stage_entered_at end, o.wake_on
from ({branches}) first
cross join opportunity o on o.id = first.id
left join party p on p.id = o.party_id
left join "user" u on u.id = o.owner_id
left join activity a on a.id = o.next_id
"""
BRANCH = """select * from (select id from opportunity where live = 1 and stage_id = {}
  order by order_day, order_weight, number limit 50)"""
TOTALS = """select value, case when next_on = '9999-12-31' then 'none' when next_on < :today then 'overdue'
  when next_on = :today then 'today' else 'later' end, sum(count), sum(revenue), sum(weighted)
from column_total where kind = 'stage' and whose = -1 group by 1, 2"""
WOKEN = """select stage_id, case when next_on is null then 'none' when next_on < :today then 'overdue'
  when next_on = :today then 'today' else 'later' end, 1, revenue_company, weighted
from opportunity where status = 'postponed' and wake_on <= :today and not hidden and not archived"""
STEPS = {"overdue": "Overdue", "today": "Today", "later": "Later", "none": "Nothing planned"}
SILENT = """select count(*), coalesce(sum(stage_entered_at < :red and (touched_at is null or touched_at < :red)), 0)
from (select stage_entered_at, touched_at from opportunity where live = 1 and stage_id = :stage
  and stage_entered_at < :amber and (touched_at is null or touched_at < :amber)
  and (next_on is null or next_on < :today) limit 100)"""
LIMIT = 14  # days without activity that are too long, in every stage of a new world
PUT_AWAY = """select count(*) from (
  select 1 from opportunity where {} and not hidden and not archived limit 1000)"""

MENU = """{% macro options(rows, chosen) %}{% for id, name in rows -%}
<option value="{{ id if id is not none }}"{% if id == chosen %} selected{% endif %}>{{ name }}</option>
{%- endfor %}{% endmacro %}"""


class Floor:
    """The board of a world whose format is en_GB, narrowed to nothing, 50 cards in each column."""

    def __init__(self, file: str, user_id: int, today: date) -> None:
        self.connection = sqlite.connect(file, isolation_level=None)
        self.user_id, self.today = user_id, today
        template = (Path(__file__).parent / "floor.html").read_text(encoding="utf-8")
        plain = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self.template = plain.from_string(template)
        self.stages = self.connection.execute(
            "select id, name from stage where probability is not null order by position"
        ).fetchall()
        bands = self.connection.execute("select id, name from prognosis_band order by from_days").fetchall()
        menu: Any = plain.from_string(MENU).module
        self.band_options = menu.options([(None, "no prognosis"), *bands], None)
        self.cards = CARDS.format(branches=" union all ".join(BRANCH.format(id) for id, _ in self.stages))

    def html(self, csrf: str, key: str, tag: str) -> bytes:
        words = Words(self.today)
        values = {"me": self.user_id, "today": words.today}
        columns: dict[int, list[Any]] = {id: [] for id, _ in self.stages}
        for row in self.connection.execute(self.cards, values):
            columns[row[4]].append(words.card(row))
        totals, steps = self.totals(values)
        stale = {id: self.stale(id, words) for id, _ in self.stages}
        heads = [(id, name, *totals[id], steps[id], stale[id], columns[id]) for id, name in self.stages]
        asleep, closed = (
            self.connection.execute(PUT_AWAY.format(which), values).fetchone()[0]
            for which in ("status = 'postponed' and wake_on > :today", "status in ('won', 'lost', 'canceled')")
        )
        sums = [sum(total[n] for total in totals.values()) for n in range(3)]
        tokens = {"csrf": csrf, "key": key, "tag": tag}
        return self.template.render(
            heads=heads,
            sums=sums,
            asleep=capped(asleep),
            closed=capped(closed),
            amount=amount,
            number=number,
            band_options=self.band_options,
            **tokens,
        ).encode()

    def stale(self, stage_id: int, words: "Words") -> list[tuple[str, str]]:
        """(state, words) of what is silent for too long; what woke up is so since yesterday at most."""
        values = {"stage": stage_id, "today": words.today, "amber": words.amber, "red": words.red}
        stale, long = self.connection.execute(SILENT, values).fetchone()
        more = "+" if stale >= 100 else ""
        return [
            (key, f"{count}{more} {word}")
            for key, count, word in (("amber", stale, "stale"), ("red", long, "long"))
            if count
        ]

    def totals(self, values: dict[str, Any]) -> tuple[dict[int, list[int]], dict[int, list[tuple[str, str, int]]]]:
        found = {id: [0, 0, 0] for id, _ in self.stages}
        counts = {id: dict.fromkeys(STEPS, 0) for id, _ in self.stages}
        for statement in (TOTALS, WOKEN):
            for stage_id, state, count, revenue, weighted in self.connection.execute(statement, values):
                known = found[stage_id]
                found[stage_id] = [known[0] + count, known[1] + (revenue or 0), known[2] + weighted]
                counts[stage_id][state] += count
        steps = {
            id: [(state, STEPS[state], count) for state, count in by_state.items() if count]
            for id, by_state in counts.items()
        }
        return found, steps


class Words:
    """Rows as words, with one day as today."""

    def __init__(self, today: date) -> None:
        self.today, self.soon = today.isoformat(), (today + timedelta(days=30)).isoformat()
        self.zone, self.day_of_today = ZoneInfo("Europe/Zurich"), today
        midnights = (datetime.combine(today - timedelta(days), time(), self.zone) for days in (LIMIT, LIMIT * 3 // 2))
        self.amber, self.red = (f"{each.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}+00:00" for each in midnights)
        near = ((-1, "yesterday"), (0, "today"), (1, "tomorrow"))
        self.near = {(today + timedelta(days=days)).isoformat(): word for days, word in near}

    def day(self, iso: str) -> str:
        words = f"{int(iso[8:])} {MONTHS[int(iso[5:7]) - 1]}"
        return words if iso[:4] == self.today[:4] else f"{words} {iso[:4]}"

    def stale(self, since: str, wake_on: str | None, due: str | None) -> tuple[str, str] | None:
        if since >= self.amber or (due is not None and due >= self.today) or wake_on:
            return None
        days = (self.day_of_today - datetime.fromisoformat(since).astimezone(self.zone).date()).days
        words = f"stale: no activity for {days} days; the limit set here is {LIMIT} days"
        return ("red", f"long {words}") if since < self.red else ("amber", words)

    def card(self, row: Any) -> tuple[Any, ...]:
        percent, decide_by, purpose, due, owner = row[6], row[9], row[11], row[12], row[13]
        ramp = 1 if percent < 25 else 2 if percent < 50 else 3 if percent < 75 else 4
        if decide_by is None:
            decide, state = "no prognosis", "none"
        elif decide_by < self.today:
            decide, state = f"overdue {self.day(decide_by)}", "overdue"
        else:
            decide, state = f"by {self.day(decide_by)}", "soon" if decide_by <= self.soon else "later"
        if due is None:
            step, step_state = "Nothing planned", "none"
        elif due < self.today:
            step, step_state = f"{purpose} · overdue {self.day(due)}", "overdue"
        else:
            step = f"{purpose} · {self.near.get(due) or self.day(due)}"
            step_state = "today" if due == self.today else "later"
        initials = "".join(word[0] for word in owner.split()) if owner else "–"
        stale = self.stale(row[15], row[16], due)
        return (*row[:15], ramp, decide, state, step, step_state, stale, initials, owner or "nobody")


def number(count: int) -> str:
    return f"{count:,}"


def amount(minor: int) -> str:
    return f"{(minor + 50) // 100:,}"


def capped(count: int) -> str:
    return "1000+" if count >= 1000 else str(count)
