"""What becomes of the demo's 120 opportunities: every stage, band, outcome and next step, dealt out by tables."""

from dataclasses import dataclass, field
from random import Random

#: Final stage → prognosis (a band's place, "overdue" or "none") → how many active opportunities are there.
ACTIVE: list[dict[int | str, int]] = [
    {"overdue": 1, 0: 1, 1: 3, 2: 4, 3: 4, 4: 2, "none": 3},
    {"overdue": 2, 0: 2, 1: 5, 2: 5, 3: 3, 4: 1, "none": 1},
    {"overdue": 2, 0: 4, 1: 5, 2: 3, 3: 1, 4: 1, "none": 1},
    {"overdue": 1, 0: 4, 1: 2, 2: 1},
]
STEPS = {"overdue": 12, "today": 8, "week": 14, "later": 14, "none": 14}
#: How long ago an active opportunity was opened, by its stage: from–to days.
AGES = [(14, 110), (50, 220), (95, 320), (140, 430)]
#: Ending → how many, and the stages they ended in.
ENDINGS = {
    "asleep": (5, (0, 1, 1, 2, 2)),
    "woken": (4, (0, 1, 2, 3)),
    "won": (22, (3, 3, 2, 3, 3, 1)),
    "lost": (20, (2, 1, 3, 2, 2, 0)),
    "canceled": (7, (0, 1, 2, 1)),
}
#: What happens on the way → (endings it may happen to, how many of them).
TWISTS = {
    "rested": (("active", "won", "lost"), 7),
    "lost before": (("active", "won"), 5),
    "canceled before": (("active",), 2),
    "back and forth": (("active", "won", "lost"), 5),
    "handed over": (("active", "won", "lost"), 6),
    "foreign": (("active", "won", "lost"), 12),
    "nobody's": (("active",), 2),
    "unvalued": (("active",), 3),
}
ARCHIVED, LONG_CLOSED = 8, 220


@dataclass
class Plot:
    """What becomes of one opportunity; `opened` and `ended` are days ago, `ended` of the last that happened."""

    ending: str
    stage: int
    horizon: int | str
    step: str
    opened: int
    ended: int
    twists: set[str] = field(default_factory=set)

    @property
    def closed(self) -> bool:
        return self.ending in ("won", "lost", "canceled")


def plots(random: Random) -> list[Plot]:
    """All 120, in no particular order."""
    found = _active(random) + [plot for ending in ENDINGS for plot in _ended(ending, random)]
    _twist(found, random)
    random.shuffle(found)
    return found


def _active(random: Random) -> list[Plot]:
    steps = [step for step, count in STEPS.items() for _ in range(count)]
    random.shuffle(steps)
    found = []
    for stage, horizons in enumerate(ACTIVE):
        for horizon in [horizon for horizon, count in horizons.items() for _ in range(count)]:
            opened = random.randint(*AGES[stage])
            ended = random.randint(30, 60) if opened > 120 and random.random() < 0.25 else random.randint(1, 14)
            if horizon == 0:
                ended = min(ended, random.randint(1, 12))
            if horizon == "overdue":
                opened, ended = max(opened, 100), random.randint(2, 20)
            step, ended = steps.pop(), min(ended, opened * 2 // 3)
            found.append(Plot("active", stage, horizon, step, opened, max(ended, 5) if step == "overdue" else ended))
    return found


def _ended(ending: str, random: Random) -> list[Plot]:
    count, stages = ENDINGS[ending]
    found = []
    for place in range(count):
        if ending == "asleep":
            ended, step = random.randint(4, 50), "later" if place % 2 else "none"
        elif ending == "woken":
            ended, step = random.randint(40, 100), ("overdue", "today", "none", "week")[place]
        else:
            ended, step = 3 + place * 440 // count + random.randint(0, 12), "none"
        stage = stages[place % len(stages)]
        opened = min(ended + random.randint(45, 90) + stage * random.randint(15, 45), 540 - place)
        found.append(Plot(ending, stage, random.randint(0, 3), step, opened, ended))
    return found


def _twist(found: list[Plot], random: Random) -> None:
    """Deal out what happens on the way; only one interruption each, and only where there is time for it."""
    interruptions = {"rested", "lost before", "canceled before"}
    for twist, (endings, count) in TWISTS.items():
        able = [plot for plot in found if plot.ending in endings]
        if twist in interruptions:
            able = [plot for plot in able if plot.opened - plot.ended >= 60 and not plot.twists & interruptions]
        if twist == "back and forth":
            able = [plot for plot in able if plot.stage >= 2]
        if twist == "unvalued":
            able = [plot for plot in able if plot.stage == 0]
        for plot in random.sample(able, count):
            plot.twists.add(twist)
    old = sorted((plot for plot in found if plot.closed and plot.ended >= LONG_CLOSED), key=lambda plot: -plot.ended)
    for plot in old[:ARCHIVED]:
        plot.twists.add("archived")
