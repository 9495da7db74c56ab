"""A mandate covers a deed exactly when it stands, in its days, for that power and matter."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.mandates.lifecycle import (
    LONGEST,
    NEXT,
    MandateNotYours,
    MandateStepRefused,
    Party,
    Power,
    State,
    Step,
    longest_on,
    state_at,
    step,
    why_not,
)
from app.identity.mandates.wording import written_form

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Given:
    state: str = "standing"
    lapses_at: datetime = NOW + timedelta(days=1)
    valid_from: date = TODAY
    valid_to: date = TODAY + timedelta(days=1)
    powers: tuple[str, ...] = ("file",)
    matters: tuple[str, ...] | None = None
    principal_here: bool = True


STORED = ("proposed", "standing", "refused", "withdrawn", "revoked", "resigned", "done", "lapsed")
days = st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n))
codes = st.sampled_from(["A", "B", "C"])
terms = st.builds(
    Given,
    st.sampled_from(STORED),
    st.integers(-3, 3).map(lambda n: NOW + timedelta(hours=n)),
    days,
    days,
    st.lists(st.sampled_from([str(p) for p in Power]), max_size=3).map(tuple),
    st.none() | st.lists(codes, min_size=1, max_size=2).map(tuple),
    st.booleans(),
)


@given(terms, st.sampled_from(Power), st.none() | codes)
def test_it_covers_a_deed_only_if_all_of_it_holds(
    held: Given, power: Power, matter: str | None
) -> None:
    covered = (
        held.state == "standing"
        and held.principal_here
        and held.valid_from <= TODAY < held.valid_to
        and power in held.powers
        and (power == Power.READ_NOTICES or held.matters is None or matter in held.matters)
    )
    assert (why_not(held, NOW, TODAY, power, matter) is None) == covered


@given(terms, st.lists(st.tuples(st.sampled_from(Step), st.sampled_from(Party)), max_size=6))
def test_what_has_ended_never_counts_again(held: Given, taken: list[tuple[Step, Party]]) -> None:
    """Whatever is tried in whatever order; and nobody but the principal or a desk begins one."""
    ended = False
    for wanted, party in taken:
        before = state_at(held, NOW, TODAY)
        try:
            after = step(before, wanted, party)
        except (MandateStepRefused, MandateNotYours):
            continue
        assert not ended
        assert after != State.STANDING or (before == State.PROPOSED and party != Party.AGENT)
        ended = after not in NEXT
        held = replace(held, state=str(after))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, None),
        ({"state": "proposed"}, "proposed"),
        ({"state": "proposed", "lapses_at": NOW}, "lapsed"),
        ({"state": "revoked"}, "revoked"),
        ({"state": "done"}, "done"),
        ({"valid_to": TODAY}, "expired"),
        ({"valid_from": TODAY + timedelta(days=1)}, "not-yet"),
        ({"principal_here": False}, "gone"),
        ({"powers": ("rate",)}, "power"),
        ({"matters": ("HEAT-COLD",)}, "matter"),
        ({"matters": ("RUBBISH",)}, None),
    ],
)
def test_why_it_does_not_cover_is_said_in_one_word(
    changes: dict[str, object], why: str | None
) -> None:
    held = replace(Given(), **changes)  # type: ignore[arg-type]
    assert why_not(held, NOW, TODAY, Power.FILE, "RUBBISH") == why


def test_every_step_has_somebody_who_may_take_it() -> None:
    assert all(parties for steps in NEXT.values() for _, parties in steps.values())
    with pytest.raises(MandateNotYours):
        step(State.PROPOSED, Step.CONFIRM, Party.AGENT)
    with pytest.raises(MandateStepRefused) as refused:
        step(State.REVOKED, Step.CONFIRM, Party.PRINCIPAL)
    assert refused.value.facts["legal"] == []


def test_the_newest_rule_of_the_longest_period_counts() -> None:
    assert longest_on(TODAY) == LONGEST[-1].days
    assert all(rule.basis for rule in LONGEST)


def test_the_written_form_names_all_that_the_law_asks_for() -> None:
    text = written_form("甲", "乙", ["RUBBISH"], ["file"], TODAY, TODAY + timedelta(days=7))
    for each in ("代理人:甲", "委托人:乙", "RUBBISH", "提交诉求", "2026-11-25 至 2026-12-01"):
        assert each in text
    assert "全部事项" in written_form("甲", "乙", None, ["file"], TODAY, TODAY + timedelta(1))
