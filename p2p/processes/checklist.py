"""The checklist of a record: the stages of its process in order, the steps of each, and what was done of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from p2p.activities.models import Activity
from p2p.setup.models import Process, Stage, Step


@dataclass(frozen=True)
class Item:
    """A step, and the activity on the record that does it: the one that is done, else the one that is planned."""

    step: Step
    activity: Activity | None = None

    @property
    def done(self) -> bool:
        return self.activity is not None and self.activity.status == "done"

    @property
    def planned(self) -> bool:
        return self.activity is not None and not self.done

    @property
    def missing(self) -> bool:
        """Whether it is required, and not done."""
        return self.step.required and not self.done


@dataclass(frozen=True)
class Phase:
    """A stage with its items; `place` is where it lies from the present one: before (-1), here (0), after (1)."""

    stage: Stage
    place: int
    items: list[Item] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(item.done for item in self.items)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if item.missing]

    @property
    def unplanned(self) -> list[Item]:
        return [item for item in self.items if item.activity is None]


@dataclass(frozen=True)
class Checklist:
    """All phases of the process that a record runs through."""

    process: Process
    phases: list[Phase]

    @property
    def count(self) -> int:
        return sum(len(phase.items) for phase in self.phases)

    @property
    def done(self) -> int:
        return sum(phase.done for phase in self.phases)

    @property
    def present(self) -> Phase | None:
        return next((phase for phase in self.phases if phase.place == 0), None)

    @property
    def following(self) -> Phase | None:
        """The stage that comes next."""
        return next((phase for phase in self.phases if phase.place > 0), None)

    @property
    def unmet(self) -> list[Item]:
        """What is required and not done, up to and including the present stage."""
        return [item for phase in self.phases if phase.place <= 0 for item in phase.missing]

    @property
    def left_behind(self) -> list[Item]:
        """What is required and not done in the stages before the present one."""
        return [item for phase in self.phases if phase.place < 0 for item in phase.missing]

    @property
    def missing(self) -> list[Item]:
        """What is required and not done in the whole process."""
        return [item for phase in self.phases for item in phase.missing]

    def missing_before(self, stage_id: int) -> list[Item]:
        """What is required and not done in the stages before one that lies ahead; nothing holds on the way back."""
        ids = [phase.stage.id for phase in self.phases]
        there = ids.index(stage_id) if stage_id in ids else 0
        if self.phases and self.phases[there].place <= 0:
            return []
        return [item for phase in self.phases[:there] for item in phase.missing]

    def item(self, step_id: int) -> Item | None:
        return next((item for phase in self.phases for item in phase.items if item.step.id == step_id), None)


def put_together(
    process: Process, rows: Iterable[Any], activities: Iterable[Activity], present_id: int | None
) -> Checklist:
    """A checklist from (stage, step or None) in order and the activities on the record, oldest first."""
    does = {each.step_id: each for each in sorted(activities, key=lambda each: each.status == "done")}
    stages: dict[int, tuple[Stage, list[Item]]] = {}
    for stage, step in rows:
        items = stages.setdefault(stage.id, (stage, []))[1]
        if step is not None:
            items.append(Item(step, does.get(step.id)))
    ids = list(stages)
    here = ids.index(present_id) if present_id in ids else -1
    phases = [
        Phase(stage, (place > here) - (place < here), items) for place, (stage, items) in enumerate(stages.values())
    ]
    return Checklist(process, phases)
