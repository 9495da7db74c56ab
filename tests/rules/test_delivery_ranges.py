"""Whether a chunk begins with its audience or walks a register is reckoned from two sizes."""

import pytest

from notices.delivery.ranges import CHUNK_PEOPLE, FOUND_AT_ONCE, chunks_for, is_found_sooner


@pytest.mark.parametrize(
    ("people", "register", "sooner"),
    [
        (0, 0, True),  # single persons are of no grid; a register never counted is as good as empty
        (3, 2_000_000, True),
        (CHUNK_PEOPLE, CHUNK_PEOPLE, False),
        (CHUNK_PEOPLE, 3 * CHUNK_PEOPLE, True),
        (CHUNK_PEOPLE + 1, 1_000_000, True),
        (FOUND_AT_ONCE, 1_000_000, True),
        (FOUND_AT_ONCE, 500_000, False),
        (FOUND_AT_ONCE + 1, 10_000_000, False),
        (1_000_000, 1_000_000, False),
    ],
)
def test_few_of_many_are_found_first(people: int, register: int, sooner: bool) -> None:
    assert is_found_sooner(people, register) is sooner


@pytest.mark.parametrize("register", [100_000, 2_000_000, 10_000_000])
def test_what_is_found_anew_is_never_dearer_than_a_walk_through_the_register(register: int) -> None:
    for people in range(0, register + 1, register // 100):
        if is_found_sooner(people, register):
            assert people * chunks_for(people) <= register
