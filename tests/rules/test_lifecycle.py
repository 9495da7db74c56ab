"""Every step of a request's life stands in one table, and whatever does not is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.requests.lifecycle import (
    OPEN,
    TABLE,
    Flag,
    Move,
    Party,
    Standing,
    State,
    Step,
    StepRefused,
    legal,
    step,
)
from community.requests.lifecycle.diagram import page
from community.requests.lifecycle.states import FLAGS, PARTIES, STATES, STEPS

STANDINGS = st.builds(
    Standing, st.sampled_from(State), st.frozensets(st.sampled_from(Flag), max_size=4)
)
ENDS = {State.WITHDRAWN}


def fits(move: Move, here: Standing) -> bool:
    return (
        here.state in move.origins
        and set(move.only) <= here.flags
        and not set(move.unless) & here.flags
    )


@given(STANDINGS, st.sampled_from(Step))
def test_a_step_is_taken_just_where_the_table_has_it(here: Standing, wanted: Step) -> None:
    rows = [each for each in TABLE if each.step == wanted and fits(each, here)]
    assert len(rows) < 2, "two rows answer: which one counts would hang on their order"
    if rows:
        assert step(here, wanted) == (rows[0].target or here.state)
        return
    with pytest.raises(StepRefused) as refused:
        step(here, wanted)
    assert refused.value.facts["legal"] == legal(here)
    assert wanted not in legal(here)


@given(STANDINGS)
def test_what_is_named_as_legal_is_legal(here: Standing) -> None:
    for each in legal(here):
        assert step(here, each) in State


def test_every_state_is_reached_and_only_withdrawing_is_the_end() -> None:
    reached, ahead = set[State](), {State.FILED}
    while ahead:
        reached |= ahead
        found = {each.target for each in TABLE if ahead & set(each.origins) and each.target}
        ahead = found - reached
    assert reached == set(State)
    stuck = {state for state in State if not any(state in each.origins for each in TABLE)}
    assert stuck == ENDS


def test_an_open_request_is_supervised_reckoned_and_moved_and_no_other() -> None:
    """A visit and a review have clocks of their own, which are reckoned again as well."""
    beside = {Step.RECKON: (State.VISITING, State.REVIEWING)}
    for state in State:
        for wanted in (Step.SUPERVISE, Step.RECKON, Step.MOVE):
            if state in (*OPEN, *beside.get(wanted, ())):
                assert step(state, wanted) == state
            else:
                with pytest.raises(StepRefused):
                    step(state, wanted)


@pytest.mark.parametrize(
    ("state", "flag", "wanted"),
    [
        (State.DISPATCHED, Flag.FINAL_UNIT, Step.OBJECT),
        (State.CLAIMED, Flag.HELP_OUTSTANDING, Step.SETTLE),
        (State.CLAIMED, Flag.EXTENSION_USED, Step.ASK_EXTENSION),
        (State.SETTLED, Flag.RATED, Step.RATE),
        (State.SETTLED, Flag.REOPENING_OVER, Step.REOPEN),
        (State.DISPATCHED, Flag.HAS_MEMBERS, Step.MERGE),
    ],
)
def test_a_flag_closes_what_is_open_without_it(state: State, flag: Flag, wanted: Step) -> None:
    assert wanted in legal(Standing(state))
    assert wanted not in legal(Standing(state, frozenset({flag})))


def test_all_has_words_in_two_languages_and_stands_in_the_page() -> None:
    shown = page()
    for spoken in (*STATES.values(), *STEPS.values(), *PARTIES.values(), *FLAGS.values()):
        assert spoken.zh
        assert spoken.en
    assert all(f"`{each}`" in shown for each in State)
    assert (set(STATES), set(STEPS)) == (set(State), set(Step))
    assert (set(PARTIES), set(FLAGS)) == (set(Party), set(Flag))
    for row in TABLE:
        assert f"| `{row.step}` |" in shown
