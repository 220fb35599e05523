"""What a checklist says, from stages, steps and activities alone: no database."""

from hypothesis import given
from hypothesis import strategies as st

from p2p.activities.models import Activity
from p2p.processes.checklist import Checklist, put_together
from p2p.setup.models import Process, Stage, Step

#: For each stage its steps: whether required, and what was done (None: not even planned).
STEPS = st.lists(st.lists(st.tuples(st.booleans(), st.sampled_from([None, "open", "done"])), max_size=3), max_size=5)


def built(stages: list[list[tuple[bool, str | None]]], present_id: int | None) -> Checklist:
    rows, activities, number = [], [], 0
    for stage_id, steps in enumerate(stages, 1):
        stage = Stage(id=stage_id, name=f"Stage {stage_id}")
        rows += [] if steps else [(stage, None)]
        for required, status in steps:
            number += 1
            rows.append((stage, Step(id=number, name=f"Step {number}", required=required)))
            activities += [Activity(step_id=number, status=status)] if status else []
    return put_together(Process(name="Any"), rows, activities, present_id)


def names(items: object) -> list[str]:
    return [item.step.name for item in items]


EXAMPLE = [[(True, "done"), (False, None)], [(True, "open"), (True, None)], [(True, None)]]


def test_it_knows_before_here_and_after():
    found = built(EXAMPLE, 2)
    assert [phase.place for phase in found.phases] == [-1, 0, 1]
    assert (found.present.stage.id, found.following.stage.id) == (2, 3)
    assert (found.done, found.count) == (1, 5)
    assert names(found.present.unplanned) == ["Step 4"]


def test_what_is_required_is_asked_for_as_far_as_one_came():
    assert names(built(EXAMPLE, 1).unmet) == []
    assert names(built(EXAMPLE, 2).unmet) == ["Step 3", "Step 4"]
    assert names(built(EXAMPLE, 2).missing) == ["Step 3", "Step 4", "Step 5"]
    assert names(built(EXAMPLE, 3).left_behind) == ["Step 3", "Step 4"]


def test_without_a_stage_everything_lies_ahead():
    found = built(EXAMPLE, None)
    assert (found.present, found.following.stage.id) == (None, 1)
    assert names(found.missing_before(2)) == []
    assert names(found.missing_before(3)) == ["Step 3", "Step 4"]


def test_done_counts_more_than_planned_again():
    stage, step = Stage(id=1, name="A"), Step(id=1, name="Call", required=True)
    done, again = Activity(step_id=1, status="done"), Activity(step_id=1, status="open")
    for activities in ([done, again], [again, done]):
        found = put_together(Process(name="Any"), [(stage, step)], activities, 1)
        assert found.phases[0].items[0].activity is done
        assert found.unmet == []


@given(STEPS, st.integers(0, 6), st.integers(0, 6))
def test_the_way_on_asks_for_all_that_is_required_before_and_the_way_back_for_nothing(stages, here, there):
    found = built(stages, here)
    asked = names(found.missing_before(there))
    present = here if 1 <= here <= len(stages) else 0
    if there > len(stages) or there <= present:
        assert asked == []
    else:
        undone = [i for p in found.phases if p.stage.id < there for i in p.items if i.step.required and not i.done]
        assert asked == names(undone)
    assert set(names(found.unmet)) <= set(names(found.missing))
