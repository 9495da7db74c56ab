"""What a report hides cannot be reckoned from what it shows."""

from hypothesis import given
from hypothesis import strategies as st

from notices.model.suppression import FEWEST, cells_shown, sizes_shown, together_shown

PAIRS = st.lists(
    st.integers(0, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size))),
    min_size=1,
    max_size=8,
)


@given(PAIRS)
def test_no_small_cell_is_shown_nor_left_over(pairs: list[tuple[int, int]]) -> None:
    """Whoever knows the sum and what is shown learns only of five or more, and of two areas."""
    sizes, counts = [size for size, _ in pairs], [count for _, count in pairs]
    shown = cells_shown(sizes, counts)
    for size, count, seen in zip(sizes, counts, shown, strict=True):
        assert not seen or (count >= FEWEST and size - count >= FEWEST)
    hidden = [pair for pair, seen in zip(pairs, shown, strict=True) if not seen]
    if hidden and any(shown):
        assert len(hidden) > 1
        assert sum(count for _, count in hidden) >= FEWEST
        assert sum(size - count for size, count in hidden) >= FEWEST


TRIPLES = st.lists(
    st.integers(0, 40).flatmap(
        lambda size: st.integers(0, size).flatmap(
            lambda owing: st.tuples(st.just(size), st.just(owing), st.integers(0, owing))
        )
    ),
    min_size=1,
    max_size=8,
)


@given(TRIPLES)
def test_what_can_be_reckoned_from_two_cells_is_as_well_hidden(
    triples: list[tuple[int, int, int]],
) -> None:
    """Who answered and who owes add up to who had to: in no area, nor in what is hidden, a few."""
    sizes, owing, acked = (list(each) for each in zip(*triples, strict=True))
    left = [due - given for due, given in zip(owing, acked, strict=True)]
    shown = together_shown(sizes, owing, acked, left)
    for count in (owing, acked, left):
        assert [a and b for a, b in zip(shown, cells_shown(sizes, count), strict=True)] == shown
        hidden = [at for at, seen in enumerate(shown) if not seen]
        if hidden and any(shown):
            assert len(hidden) > 1
            assert sum(count[at] for at in hidden) >= FEWEST
            assert sum(sizes[at] - count[at] for at in hidden) >= FEWEST


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_sizes_too(sizes: list[int]) -> None:
    shown = sizes_shown(sizes)
    hidden = [size for size, seen in zip(sizes, shown, strict=True) if not seen]
    assert all(size >= FEWEST for size, seen in zip(sizes, shown, strict=True) if seen)
    if hidden and any(shown):
        assert len(hidden) > 1
        assert sum(hidden) >= FEWEST


def test_what_is_large_on_either_side_is_all_shown() -> None:
    assert cells_shown([20, 30], [10, 10]) == [True, True]
    assert cells_shown([20, 30, 25], [2, 10, 12]) == [False, True, False]
    assert sizes_shown([3, 30, 9]) == [False, True, False]
