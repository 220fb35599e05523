"""A small world with one of everything, so that every door has a record behind it; and those who knock at doors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any, NamedTuple
from unittest import mock

from flask import Flask
from sqlalchemy import create_engine, select
from werkzeug.test import TestResponse

from p2p import engine as units
from p2p.activities.calendar.models import CalendarFeed
from p2p.activities.models import Activity
from p2p.attachments import files
from p2p.attachments.models import Attachment
from p2p.board.saved.models import BoardView
from p2p.campaigns.models import Campaign
from p2p.competitors.models import Competitor
from p2p.contacts.models import Contact
from p2p.db import db
from p2p.exchange.runs import uploads
from p2p.exchange.runs.models import READY
from p2p.filters import today
from p2p.history import last_operation_id
from p2p.identity.models import OneTimeLink, User
from p2p.identity.queries import user_by_email
from p2p.leads.models import Lead
from p2p.meetings.agenda import Agenda, Item
from p2p.meetings.models import Meeting, Point
from p2p.meetings.queries import last_operation
from p2p.opportunities.advising.advice import advice_about
from p2p.opportunities.advising.models import Dismissal
from p2p.opportunities.models import Opportunity
from p2p.opportunities.parts import Involved, Member, Rival
from p2p.parties.channels.models import Channel
from p2p.parties.models import Party
from p2p.processes.queries import checklist
from p2p.processes.running import tick
from p2p.prospects.models import Customer, Prospect
from p2p.setup.models import Code
from p2p.setup.queries import bands, codes, reasons, stages, steps_of
from tests.cast import CAST, PASSWORD, RITA, ROLF, Character
from tests.visitor import Visitor, as_the_server_would

#: On the team of Rita's opportunities; about to leave; long gone.
TESS = Character("Tess Frei", "tess@example.com", "representative")
LEO = Character("Leo Gone", "leo@example.com", "manager")
LARS = Character("Lars Gone", "lars@example.com", "manager")


class World(dict[str, Any]):
    """Name → id, unless it says otherwise. What can belong to somebody is Rita's; `hidden_…` were undone."""


def build() -> World:
    """Make the world through its verbs and commit it."""
    for person in (TESS, LEO, LARS):
        User.add(email=person.email, name=person.name, role=person.role, by=None).set_password(PASSWORD, by=None)
    people = {person: user_by_email(person.email) for person in (*CAST, TESS, LEO, LARS)}
    people[LARS].deactivate(by=None)
    by = people[RITA]
    world = World({person.name.split()[0].lower(): user.id for person, user in people.items() if user})
    for maker in (
        _parties,
        _campaigns,
        _leads,
        _deals,
        _team,
        _activities,
        _attachments,
        _set_up,
        _import,
        _meetings,
        _saved_views,
        _undone,
    ):
        maker(world, by)
    world["link"] = OneTimeLink.make(people[ROLF])  # the token
    db.session.commit()
    return world


def _parties(world: World, by: Any) -> None:
    for name in ("party", "other_party", "lone_party", "old_party", "rival_party", "old_rival_party"):
        made = Party.enter({"name": name.replace("_", " ").title() + " AG", "city": "Zug"}, by=by)
        world[name] = made.id
    world["channel"] = db.session.query(Channel).filter_by(party_id=world["party"]).one().id
    party, other, old = (db.session.get_one(Party, world[name]) for name in ("party", "other_party", "old_party"))
    old.archive(by=by)
    for name, person in (("contact", "Miriam Städler"), ("other_contact", "Urs Frei"), ("old_contact", "Eva Gut")):
        world[name] = Contact.enter(party, {"name": person, "job_title": "Buyer"}, by=by).id
    db.session.get_one(Contact, world["old_contact"]).archive(by=by)
    kind = {"type_id": codes("prospect_type")[0][0], "currency": "CHF", "responsible_id": by.id}
    for name, holder in (("prospect", party), ("old_prospect", old)):
        world[name] = Prospect.make(holder, kind, by=by).id
    db.session.get_one(Prospect, world["old_prospect"]).archive(by=by)
    for name, holder in (("customer", other), ("old_customer", old)):
        world[name] = Customer.open(holder, by=by).id
    db.session.get_one(Customer, world["old_customer"]).archive(by=by)
    for name, holder in (("competitor", "rival_party"), ("old_competitor", "old_rival_party")):
        world[name] = Competitor.register(db.session.get_one(Party, world[holder]), {"notes": "dear"}, by=by).id
    db.session.get_one(Competitor, world["old_competitor"]).archive(by=by)
    world["spare_competitor"] = Competitor.register(old, {}, by=by).id


def _campaigns(world: World, by: Any) -> None:
    for name in ("campaign", "old_campaign"):
        facts = {"name": f"The {name}".replace("_", " "), "cost": 120_000}
        world[name] = Campaign.start(facts, by=by).id
    db.session.get_one(Campaign, world["old_campaign"]).archive(by=by)


def _leads(world: World, by: Any) -> None:
    contact = db.session.get_one(Contact, world["contact"])
    for name in ("lead", "other_lead", "asleep_lead", "closed_lead", "archived_lead"):
        facts = {"subject": f"About the {name}".replace("_", " "), "party_id": world["party"], "person_name": "Jo Hug"}
        lead = Lead.capture(facts | {"email": f"{name}@example.com"}, contacts=[contact], by=by)
        world[name], world[f"contact_of_{name}"] = lead.id, lead.contacts[0].id

    world["free_lead"] = Lead.capture({"subject": "Nobody’s lead", "owner_id": None}, by=by).id

    def find(name: str) -> Lead:
        return db.session.get_one(Lead, world[name])

    find("asleep_lead").postpone(today() + timedelta(40), by=by)
    world["rating"] = codes("lead_rating")[0][0]
    world["reason_disqualified"] = reasons("disqualified", "leads")[0].id
    find("closed_lead").disqualify(reasons("disqualified", "leads")[0], by=by)
    find("archived_lead").archive(by=by)
    world["process"] = find("lead").process_id
    world["step"] = steps_of(find("lead").stage_id)[0].id
    world["lead_stage"] = find("lead").process.stages()[1].id
    find("other_lead").follow(None, by=by)  # so that no step is one of its own
    tick(find("asleep_lead"), checklist(find("asleep_lead")).phases[0].items[0], by=by)
    checklist(find("archived_lead")).phases[0].items[0].activity.archive(by=by)


def _deals(world: World, by: Any) -> None:
    first = stages()[0]
    for name in ("deal", "other_deal", "asleep", "won", "archived"):
        facts = {"subject": f"The {name}".replace("_", " "), "party_id": world["party"], "stage_id": first.id}
        deal = Opportunity.open(facts | {"revenue": 5_000_000}, by=by)
        deal.forecast({"prognosis_id": bands()[1].id}, by=by)
        deal.estimate(45, by=by)
        world[name] = deal.id
    nobodys = {"subject": "Nobody’s deal", "party_id": world["party"], "stage_id": first.id, "owner_id": None}
    world["free_deal"] = Opportunity.open(nobodys, by=by).id

    def find(name: str) -> Opportunity:
        return db.session.get_one(Opportunity, world[name])

    nobody = next(each for each in advice_about(find("free_deal")).standing if each.rule == "nobody_owns_it")
    world["dismissal"] = Dismissal.dismiss(find("free_deal"), nobody, by=by).id
    find("asleep").postpone(today() + timedelta(40), by=by)
    find("won").win(reasons("won")[0], by=by)
    world["the_win"] = last_operation_id()
    find("archived").archive(by=by)


def _team(world: World, by: Any) -> None:
    tess = db.session.get_one(User, world["tess"])
    contact, rival = (
        db.session.get_one(cls, world[n]) for cls, n in ((Contact, "contact"), (Competitor, "competitor"))
    )
    for name in ("deal", "other_deal", "asleep", "won", "archived"):
        deal = db.session.get_one(Opportunity, world[name])
        world[f"member_of_{name}"] = Member.add(deal, tess, by=by).id
        world[f"involved_in_{name}"] = Involved.add(deal, contact, by=by).id
        world[f"rival_for_{name}"] = Rival.add(deal, rival, {"price": 4_900_000}, by=by).id


def _activities(world: World, by: Any) -> None:
    deal = db.session.get_one(Opportunity, world["deal"])
    for name, days in (("activity", 3), ("old_activity", 5)):
        world[name] = Activity.plan(
            deal, {"purpose": f"Call about {name}", "due_on": today() + timedelta(days), "remind": 60}, by=by
        ).id
    world["done_activity"] = Activity.log(deal, {"purpose": "Site visit", "due_on": today()}, by=by).id
    db.session.get_one(Activity, world["old_activity"]).archive(by=by)
    world["feed"] = CalendarFeed.make(by, by=by)  # the token
    ada = db.session.get_one(User, world["ada"])
    CalendarFeed.make(ada, by=ada)


def _attachments(world: World, by: Any) -> None:
    deal = db.session.get_one(Opportunity, world["deal"])
    for name in ("attachment", "old_attachment"):
        kept = files.keep(BytesIO(b"%PDF-1.7 " + name.encode()))._asdict()
        facts = kept | {"name": f"{name}.pdf", "media_type": "application/pdf"}
        world[name] = Attachment.attach(deal, [facts], by=by)[0].id
    db.session.get_one(Attachment, world["old_attachment"]).archive(by=by)


def _set_up(world: World, by: Any) -> None:
    for name in ("code", "retired_code"):
        world[name] = Code.add({"list_name": "source", "name": name}, by=by).id
    db.session.get_one(Code, world["retired_code"]).retire(by=by)
    world |= {"stage": stages()[1].id, "band": bands()[0].id, "last_band": bands()[-1].id}
    world |= {f"reason_{outcome}": reasons(outcome)[0].id for outcome in ("won", "lost", "canceled")}


def _import(world: World, by: Any) -> None:
    """A file that was checked and waits for the word to go."""
    run = uploads.keep(BytesIO(b"Opportunity,Account\n4711,Neu AG\n"), "deals.csv", "opportunities", by=by)
    uploads.write_problems(uploads.problems_file(str(run.kept_as)), [])
    run.status, run.total = READY, 1
    run.counts = dict.fromkeys(("skipped", "refused", "parties", "owners", "products"), 0) | {"created": 1}
    run.found = {"fields": [], "columns": [], "problems": 0, "new": {"parties": [], "owners": [], "products": []}}
    world["import"] = run.id


def _meetings(world: World, by: Any) -> None:
    """One that runs and has talked about a deal, and one that ended."""
    for name, deal in (("meeting", "deal"), ("ended_meeting", "other_deal")):
        agenda = Agenda((Item(world[deal], ("no_step",)),))
        meeting = Meeting.begin({"name": f"The {name}", "asked": ""}, agenda, None, last_operation(), by=by)
        record = db.session.get_one(Opportunity, world[deal])
        point = Point.discuss(meeting, record, {"decision": "Call them"}, steering={}, step=None, by=by)
        world[name], world["point" if name == "meeting" else "other_point"] = meeting.id, point.id
    meeting.end(last_operation(), by=by)


def _saved_views(world: World, by: Any) -> None:
    """One for all."""
    view = BoardView.save({"name": "Closing soon", "shared": True, "query": "decide_by=this-month"}, by=by)
    world["board_view"] = view.id


def _undone(world: World, by: Any) -> None:
    """One of each noun that was entered and taken back; only the log still knows it."""
    kept = {"party": Party, "contact": Contact, "prospect": Prospect, "customer": Customer, "competitor": Competitor}
    kept |= {
        "campaign": Campaign,
        "lead": Lead,
        "opportunity": Opportunity,
        "activity": Activity,
        "attachment": Attachment,
    }
    kept |= {"code": Code, "user": User, "channel": Channel, "meeting": Meeting, "board_view": BoardView}
    like = {"opportunity": "deal", "user": "leo"}
    for noun, cls in kept.items():
        original = db.session.get_one(cls, world[like.get(noun, noun)])
        world[f"hidden_{noun}"] = _taken_back(cls, original)


def _taken_back(cls: Any, original: Any) -> int:
    """A copy of a record as undoing its creation would leave it."""
    table = cls.__table__
    columns = [c for c in table.c if c.name != "id" and c.computed is None]
    row = dict(db.session.execute(select(*columns).where(table.c.id == original.id)).one()._mapping)
    own = {"hidden": True} | ({"number": f"hidden-{cls.noun}"} if "number" in row else {})
    return int(db.session.execute(table.insert().values(**row | own)).inserted_primary_key[0])


# -- what there is in the database ------------------------------------------------------------------------------------

#: Counting guesses and noting when somebody was last seen are allowed beside a refusal.
UNWATCHED = {"guess": None, "sign_in": {"seen_at"}}

Snapshot = Mapping[str, frozenset[tuple[Any, ...]]]


def snapshot(connection: Any = None) -> Snapshot:
    """Every row of every table, but for what may change beside any request."""
    if connection is None:
        with units.only_reading(), db.engine.connect() as own:
            return snapshot(own)
    seen: dict[str, frozenset[tuple[Any, ...]]] = {}
    for name, table in db.metadata.tables.items():
        left_out = UNWATCHED.get(name, set())
        if left_out is not None:
            columns = [column for column in table.c if column.name not in left_out]
            seen[name] = frozenset(tuple(map(str, row)) for row in connection.execute(select(*columns)))
    return seen


def difference(before: Snapshot, after: Snapshot) -> dict[str, tuple[list[Any], list[Any]]]:
    """Table → rows that went, rows that came."""
    return {
        name: (sorted(before[name] - after[name]), sorted(after[name] - before[name]))
        for name in before
        if before[name] != after[name]
    }


class Watch:
    """Looks for changes since it began; asks the database first whether anybody wrote at all, which is quick."""

    def __init__(self) -> None:
        self.sqlite = db.engine.dialect.name == "sqlite"
        module = {"module": units.sqlite} if self.sqlite else {}
        self.engine = create_engine(db.engine.url, isolation_level="AUTOCOMMIT", **module)
        self.connection = self.engine.connect()
        self.written = self._written()
        self.before = snapshot()

    def _written(self) -> str:
        question = "pragma data_version" if self.sqlite else "select pg_snapshot_xmax(pg_current_snapshot())::text"
        return str(self.connection.exec_driver_sql(question).scalar())

    def changes(self) -> dict[str, tuple[list[Any], list[Any]]]:
        """Table → rows that went, rows that came."""
        written = self._written()
        if written == self.written:
            return {}
        self.written = written
        return difference(self.before, snapshot())

    def close(self) -> None:
        self.connection.close()
        self.engine.dispose()


class Kept(NamedTuple):
    """What a unit was about to commit."""

    after: Snapshot


@contextmanager
def nothing_kept(*, looking: bool = True) -> Iterator[list[Kept]]:
    """Let units write, but take it back when they end; tells what each would have committed, if anybody looks."""
    kept: list[Kept] = []

    def instead() -> None:
        db.session.flush()
        kept.append(Kept(snapshot(db.session.connection()) if looking else {}))
        db.session.expire_all()

    # A file sent to the import would be worked on in a thread of its own.
    with (
        mock.patch.object(db.session, "commit", instead),
        mock.patch("p2p.exchange.runs.jobs.start"),
        mock.patch("p2p.duplicates.jobs.start"),
    ):
        yield kept


# -- those who knock --------------------------------------------------------------------------------------------------


def _fresh(value: Any) -> Any:
    """A file, given as its bytes and name, can be sent more than once."""
    return (BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value


class Caller:
    """Somebody's browser as it was once signed in: every request starts from the same cookie."""

    def __init__(self, app: Flask, person: Character | None = None, start: str = "/sign-in") -> None:
        self.app, self.person = app, person
        self.visitor = Visitor(app, inspect=False)
        self.visitor.visit(start)
        if person:
            self.visitor.submit("Sign in", **{"E-mail": person.email, "Password": PASSWORD})
            self.visitor.visit("/profile")
        self.token = self.visitor.csrf_token
        self.name = app.config["SESSION_COOKIE_NAME"]
        self.cookie = self.visitor.client.get_cookie(self.name).value

    def __str__(self) -> str:
        return self.person.name.split()[0] if self.person else "a stranger"

    def knock(
        self, method: str, url: str, data: Any = None, *, htmx: bool = False, token: bool | str = True, **headers: str
    ) -> TestResponse:
        """One request from the signed-in cookie; `token` True is the right one, text another one."""
        client = self.app.test_client()
        client.set_cookie(self.name, self.cookie)
        sent = (
            {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Current-URL": "http://localhost/"} if htmx else {}
        )
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        fields = None
        if method not in ("GET", "HEAD", "OPTIONS"):
            fields = {name: _fresh(value) for name, value in (data or {}).items()}
            fields.pop("csrf_token", None)
            if token:
                fields["csrf_token"] = self.token if token is True else token
        return as_the_server_would(lambda: client.open(url, method=method, data=fields, headers=sent, buffered=True))
