"""Whoever lived in an area that was merged or split is known to live in one that stands today."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.succession import (
    HELD,
    AreaCircle,
    Change,
    ChangeKind,
    Held,
    all_heirs,
    heirs,
    verdicts,
)

DAY = date(2026, 10, 1)
NEXT_YEAR = date(2027, 10, 1)
EVER = date(2099, 1, 1)
CODES = "ABCDEFG"
ENDINGS = [kind for kind in ChangeKind if kind is not ChangeKind.BOUNDARY]


def change(old: str, new: str, on_day: date = DAY, kind: str = "merge") -> Change:
    return Change(old, new, ChangeKind(kind), on_day)


days = st.integers(0, 6).map(lambda n: DAY + timedelta(days=n))
codes = st.sampled_from(CODES)
histories = st.lists(
    st.builds(Change, codes, codes, st.sampled_from(list(ChangeKind)), days), max_size=14
)


def test_nothing_happens_before_the_day() -> None:
    told = [change("A", "C"), change("B", "C")]
    assert heirs(told, "A", DAY - timedelta(days=1)) == {"A"}
    assert heirs(told, "A", DAY) == heirs(told, "B", DAY) == {"C"}


def test_a_split_has_several_heirs_and_a_rename_one() -> None:
    told = [change("A", "B", kind="split"), change("A", "C", kind="split")]
    assert heirs(told, "A", DAY) == {"B", "C"}
    assert heirs([change("A", "A2", kind="rename")], "A", DAY) == {"A2"}


def test_a_chain_leads_to_what_stands_on_the_day_asked_for() -> None:
    told = [change("B", "C", NEXT_YEAR), change("A", "B")]
    assert heirs(told, "A", DAY) == {"B"}
    assert heirs(told, "A", NEXT_YEAR) == {"C"}


def test_a_shifted_border_ends_nothing_even_if_both_sides_give_land() -> None:
    told = [change("A", "B", kind="boundary"), change("B", "A", kind="boundary")]
    assert heirs(told, "A", DAY) == heirs(told, "B", DAY) == {"A", "B"}
    assert verdicts(told) == {}


@pytest.mark.parametrize("told", [("AA",), ("AB", "BA"), ("AB", "BC", "CA"), ("ZA", "AB", "BA")])
def test_a_circle_is_refused_by_name(told: Sequence[str]) -> None:
    every = [change(pair[0], pair[1], NEXT_YEAR) for pair in told]
    with pytest.raises(AreaCircle) as refused:
        heirs(every, every[0].old_code, NEXT_YEAR)
    assert set(refused.value.codes) == {code for pair in told if pair != "ZA" for code in pair}
    assert str(refused.value).startswith("CIRCLE: ")


def test_one_circle_takes_no_other_change_with_it() -> None:
    """The register's slip in one street must not stop a merge in another, nor one into it."""
    round_and_round = [change("A", "B"), change("B", "A")]
    sound = [change("Z", "A"), change("P", "Q")]
    found = verdicts([*round_and_round, *sound])
    assert found == dict.fromkeys(round_and_round, Held.CIRCLE)
    assert heirs(sound, "Z", DAY) == {"A"}


def test_what_has_ended_cannot_change_any_more() -> None:
    first, late = change("A", "B"), change("A", "C", NEXT_YEAR)
    assert verdicts([late, first]) == {late: Held.ENDED_BEFORE}
    assert heirs([late, first], "A", NEXT_YEAR) == {"B"}


def test_a_split_of_which_one_heir_is_unknown_waits_as_a_whole() -> None:
    """Or everybody would go to the heir that happened to be known first."""
    split = change("A", "B", kind="split")
    other = change("X", "B")
    assert verdicts([split, other], {("A", DAY)}) == {split: Held.INCOMPLETE}


def test_every_reason_has_words_in_two_languages() -> None:
    assert set(HELD) == set(Held)
    assert all(words.zh and words.en for words in HELD.values())


@given(histories, days)
def test_what_counts_always_leads_to_areas_that_stand(told: list[Change], day: date) -> None:
    refused = verdicts(told)
    counting = [each for each in told if each not in refused]
    ended = {each.old_code for each in counting if each.ends and each.on_day <= day}
    for code in CODES:
        found = heirs(counting, code, day)
        assert found
        assert not found & ended
        assert (code in found) == (code not in ended)


@given(histories, days, st.randoms(use_true_random=False))
def test_the_order_in_which_changes_are_told_does_not_matter(
    told: list[Change], day: date, chance: Random
) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert verdicts(told) == verdicts(shuffled)
    counting = [each for each in shuffled if each not in verdicts(told)]
    assert all_heirs(counting, day) == {
        code: heirs(reversed(counting), code, day)
        for code in {each.old_code for each in counting if each.on_day <= day}
    }


@given(histories, days)
def test_going_by_days_leads_where_going_at_once_does(told: list[Change], day: date) -> None:
    """A worker that slept for a week finds the same grids as one that swept every day."""
    refused = verdicts(told)
    counting = [each for each in told if each not in refused and each.ends]
    for code in CODES:
        standing = {code}
        for n in range(8):
            today = min(DAY + timedelta(days=n), day)
            standing = {heir for each in standing for heir in heirs(counting, each, today)}
        assert standing == heirs(counting, code, day)


@given(histories)
def test_a_raw_history_is_answered_or_refused_and_never_endless(told: list[Change]) -> None:
    ended = {each.old_code for each in told if each.ends}
    for code in CODES:
        try:
            found, circle = heirs(told, code, EVER), set()
        except AreaCircle as refused:
            found, circle = frozenset(), set(refused.codes)
        assert found or circle
        assert circle <= ended
        assert not found & ended


@given(st.lists(codes, min_size=2, max_size=len(CODES), unique=True), st.sampled_from(ENDINGS))
def test_the_last_change_of_a_ring_of_any_size_closes_it(ring: list[str], kind: str) -> None:
    every = [change(old, new, kind=kind) for old, new in pairwise(ring)]
    assert verdicts(every) == {}
    closed = [*every, change(ring[-1], ring[0], NEXT_YEAR, kind)]
    assert verdicts(closed) == dict.fromkeys(closed, Held.CIRCLE)
