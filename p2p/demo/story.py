"""How the demo's opportunities came to where they are: beats for each, from opened to now."""

from datetime import date, timedelta
from functools import partial
from random import Random

from p2p.demo import wording
from p2p.demo.days import weekday
from p2p.demo.deal import Deal
from p2p.demo.firms import AddressBook
from p2p.demo.plots import plots
from p2p.demo.trades import TRADES, Trade

INTERRUPTIONS = {
    "rested": "postpone",
    "lost before": "lose",
    "canceled before": "cancel",
}


def deals(book: AddressBook, random: Random) -> list[Deal]:
    """All opportunities, dealt out to parties, with their beats told."""
    told = plots(random)
    buyers = [*book.firms[:46], *book.persons[:2]]
    firms = buyers + random.choices(buyers[:34], k=len(told) - len(buyers))
    found = [Deal(plot, firm, book, random) for plot, firm in zip(told, firms, strict=True)]
    for deal, (subject, trade) in zip(found, _subjects(found, random), strict=True):
        Story(deal, random).tell(subject, trade)
    return found


def _subjects(found: list[Deal], random: Random) -> list[tuple[str, Trade]]:
    """A subject each; what is used a second time names the town."""
    pool = [(subject, trade) for trade in TRADES for subject in trade.subjects]
    random.shuffle(pool)
    rest = len(found) - len(pool)
    again = [
        (f"{subject}, {deal.firm.place.city}", trade)
        for (subject, trade), deal in zip(pool, found[-rest:], strict=False)
    ]
    return [*pool, *again][: len(found)]


class Story:
    """Tells one opportunity by its plot."""

    def __init__(self, deal: Deal, random: Random) -> None:
        self.deal, self.plot, self.random = deal, deal.plot, random
        self.gap: tuple[int, int] | None = None

    def tell(self, subject: str, trade: Trade) -> None:
        self.deal.subject = subject
        self.deal.beat(self.plot.opened, partial(self.deal.open, subject, trade))
        self.deal.beat(self.plot.opened, partial(self.deal.involve, self.random.randint(1, 3)))
        self._interruption()
        moves = self._moves()
        self._people()
        self._estimates()
        self._rivals()
        self._work(moves)
        self._ending()

    # When

    def _at(self, part: float) -> int:
        """Days ago of a part of its life, 0 when opened and 1 at the end."""
        return round(self.plot.opened - (self.plot.opened - self.plot.ended) * part)

    def _in_gap(self, ago: int) -> bool:
        return self.gap is not None and self.gap[0] >= ago >= self.gap[1]

    def _clear(self, ago: int) -> int:
        """The same day, or the end of the interruption it falls into."""
        return self.gap[1] if self.gap and self._in_gap(ago) else ago

    # What

    def _interruption(self) -> None:
        deal = self.deal
        for twist, act in INTERRUPTIONS.items():
            if twist not in self.plot.twists:
                continue
            self.gap = self._at(0.5), self._at(0.5) - max(10, (self.plot.opened - self.plot.ended) // 6)
            begin, end = self.gap
            if act == "postpone":
                wake_on = deal.script.day(end - self.random.choice((-3, 0, 6)))
                deal.beat(begin, partial(deal.postpone, wake_on))
                deal.beat(end, deal.resume)
                continue
            outcome = "lost" if act == "lose" else "canceled"
            name, note = ("No decision", "Put off by the board.") if act == "lose" else wording.REASONS[outcome][2]
            deal.beat(begin, partial(deal.lose if act == "lose" else deal.cancel, name, note))
            deal.beat(end, deal.reactivate)

    def _moves(self) -> list[int]:
        """Stage by stage to its last; returns the days ago of each stage's beginning."""
        starts = [self.plot.opened]
        for place in range(1, self.plot.stage + 1):
            part = 0.85 * (place + self.random.uniform(-0.25, 0.25)) / (self.plot.stage + 1)
            starts.append(self._clear(self._at(part)))
            self.deal.beat(starts[-1], partial(self.deal.move, place))
            if self.random.random() < 0.6:
                self.deal.beat(starts[-1], partial(self.deal.expect, self.random.randint(20, 200)))
        if "back and forth" in self.plot.twists:
            back = self._clear(self._at(0.9))
            self.deal.beat(back, partial(self.deal.move, self.plot.stage - 1))
            self.deal.beat(max(back - 6, self.plot.ended), partial(self.deal.move, self.plot.stage))
        if self.plot.stage >= 2:
            self.deal.beat(starts[2], partial(self.deal.value_anew, self.random.choice((88, 94, 97, 105, 112, 125))))
        return starts

    def _people(self) -> None:
        deal, sellers = self.deal, self.deal.company.sellers
        if self.random.random() < 0.45:
            role = self.random.choice(("Engineer", "Estimator"))
            deal.beat(self._clear(self._at(0.15)), partial(deal.put_on_team, self.random.choice(sellers), role))
        if self.random.random() < 0.2:
            deal.beat(self._clear(self._at(0.3)), partial(deal.put_on_team, deal.company.manager, "Sponsor"))
        if "handed over" in self.plot.twists:
            deal.beat(self._clear(self._at(0.35)), partial(deal.hand_over, self.random.choice(sellers)))

    def _estimates(self) -> None:
        deal = self.deal
        if self.random.random() < 0.6:
            deal.beat(self.plot.opened, partial(deal.expect, self.random.randint(25, 360)))
        if self.random.random() < 0.45:
            deal.beat(self._clear(self._at(0.4)), partial(deal.estimate, self.random.choice((-10, -5, 5, 10, 15, 20))))
            if self.random.random() < 0.35:
                deal.beat(self._clear(self._at(0.7)), deal.hand_back)
            elif self.random.random() < 0.5:
                again = self.random.choice((-15, -10, 5, 10))
                deal.beat(self._clear(self._at(0.8)), partial(deal.estimate, again))

    def _rivals(self) -> None:
        if self.plot.stage == 0 or self.random.random() < 0.45:
            return
        for place in self.random.sample(range(6), self.random.choice((1, 1, 2))):
            threat = self.random.choice(("Low", "Medium", "High"))
            note = self.random.choice(wording.RIVAL_NOTES)
            self.deal.beat(self._clear(self._at(0.55)), partial(self._meet, place, threat, note))
        if self.random.random() < 0.7:
            price = self.random.randint(86, 112)
            self.deal.beat(self._clear(self._at(0.75)), partial(self.deal.learn_price, price))

    def _meet(self, place: int, threat: str, note: str | None) -> None:
        self.deal.meet_rival(self.deal.book.rivals[place], threat, note)

    def _work(self, starts: list[int]) -> None:
        """What was done in each stage, some of it planned before."""
        for place, (begin, end) in enumerate(zip(starts, [*starts[1:], self.plot.ended], strict=True)):
            if begin - end < 2:
                continue
            count = min(self.random.randint(1, 3), 1 + (begin - end) // 10)
            chosen = sorted(self.random.sample(range(len(wording.WORK[place])), count))
            days = sorted((self.random.randint(end, begin) for _ in chosen), reverse=True)
            for ago, entry in zip(days, chosen, strict=True):
                self._done(ago, wording.WORK[place][entry], begin)

    def _done(self, ago: int, entry: tuple[str, str, str, str], begin: int) -> None:
        before = min(ago + self.random.randint(2, 9), begin)
        if self._in_gap(ago) or self._in_gap(before):
            return
        if before == ago or self.random.random() < 0.5:
            self.deal.beat(ago, partial(self.deal.work, entry))
            return
        done = Done(self.deal, entry)
        self.deal.beat(before, partial(done.plan, ago))
        self.deal.beat(ago, done.finish)

    # How it stands

    def _ending(self) -> None:
        deal, plot = self.deal, self.plot
        if plot.ending == "active":
            self._expect_at_last()
            self._next_step()
        elif plot.ending in ("asleep", "woken"):
            self._expect_at_last()
            self._next_step()
            days = -self.random.randint(10, 120) if plot.ending == "asleep" else self.random.randint(0, 10)
            deal.beat(plot.ended, partial(deal.postpone, deal.script.day(days)))
        else:
            if self.random.random() < 0.3:
                step = self.random.choice(wording.NEXT_STEPS[plot.stage])
                deal.beat(plot.ended, partial(deal.plan, step, deal.script.day(plot.ended - 9)))
            decide = {"won": deal.win, "lost": deal.lose, "canceled": deal.cancel}[plot.ending]
            deal.beat(plot.ended, partial(decide, *self.random.choice(wording.REASONS[plot.ending])))
        if "archived" in plot.twists:
            put_away = plot.ended - self.random.randint(60, 150)
            deal.beat(put_away, lambda: deal.opportunity.archive(by=deal.company.manager))

    def _expect_at_last(self) -> None:
        given = self.plot.ended
        if self.plot.horizon == "overdue":
            given = min(self.plot.ended + self.random.randint(25, 50), self.plot.opened)
            self.deal.drop(self.deal.expect, since=given)
        self.deal.beat(given, self.deal.expect_at_last)

    def _next_step(self) -> None:
        due = self._due()
        if due is not None:
            entry = self.random.choice(wording.NEXT_STEPS[self.plot.stage])
            self.deal.beat(self.plot.ended, partial(self.deal.plan, entry, due))

    def _due(self) -> date | None:
        script, random = self.deal.script, self.random
        match self.plot.step:
            case "overdue":
                day = script.day(random.randint(1, min(12, max(1, self.plot.ended - 1))))
                return weekday(day, later=False)
            case "today":
                return script.today
            case "week":
                days = [script.today + timedelta(days=ahead) for ahead in range(1, 8)]
                return random.choice([day for day in days if day.weekday() < 5])
            case "later":
                return weekday(script.today + timedelta(days=random.randint(8, 50)), later=True)
        return None


class Done:
    """A piece of work that was planned first and finished later, if nothing finished it in between."""

    def __init__(self, deal: Deal, entry: tuple[str, str, str, str]) -> None:
        self.deal, self.entry = deal, entry

    def plan(self, due_ago: int) -> None:
        self.activity = self.deal.plan(self.entry[:3], weekday(self.deal.script.day(due_ago), later=True))

    def finish(self) -> None:
        if self.activity.may("finish"):
            self.activity.finish(outcome_id=self.deal.reached, note=self.entry[3], by=self.deal.owner)


def first_opened(found: list[Deal]) -> dict[str, int]:
    """Name of a party → how many days ago its first opportunity was opened."""
    opened: dict[str, int] = {}
    for deal in found:
        opened[deal.firm.name] = max(opened.get(deal.firm.name, 0), deal.plot.opened)
    return opened
