"""The table of a notice's life says every step, and refuses every other by name."""

import itertools

import pytest

from notices.model.lifecycle import (
    NEXT,
    OPEN,
    NoticeStepRefused,
    Priority,
    State,
    Step,
    legal,
    step,
)

ENDS = {State.WITHDRAWN, State.SUPERSEDED}


@pytest.mark.parametrize(("state", "taken"), list(itertools.product(State, Step)))
@pytest.mark.parametrize("priority", list(Priority))
def test_each_step_leads_somewhere_or_is_refused(
    state: State, taken: Step, priority: Priority
) -> None:
    ways = legal(state, priority)
    if taken in ways:
        assert step(state, taken, priority) == ways[taken]
        return
    with pytest.raises(NoticeStepRefused) as refused:
        step(state, taken, priority)
    assert refused.value.facts["legal"] == sorted(ways)


def test_only_an_emergency_is_published_without_approval() -> None:
    for state in State:
        ordinary = Step.PUBLISH in legal(state, Priority.IMPORTANT)
        assert ordinary == (state in (State.APPROVED, State.SCHEDULED))
        urgent = Step.PUBLISH in legal(state, Priority.EMERGENCY)
        assert urgent == (state in OPEN)


def test_what_has_ended_stays_so_and_all_else_can_end() -> None:
    assert {state for state in State if not NEXT[state]} == ENDS
    assert all(Step.WITHDRAW in NEXT[state] for state in set(State) - ENDS)


def test_what_is_over_is_taken_down_or_its_correction_takes_its_place() -> None:
    assert NEXT[State.EXPIRED] == {
        Step.SUPERSEDE: State.SUPERSEDED,
        Step.WITHDRAW: State.WITHDRAWN,
    }
