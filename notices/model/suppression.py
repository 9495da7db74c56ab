"""Small cells are not shown, and cannot be reckoned from those that are.

A cell says that some number of the residents of an area did something. Fewer than five are not
shown, nor is a cell that leaves fewer than five who did not. Where the areas of a report add up to
one that is shown, hiding one of them alone hides nothing: the smallest others are hidden with it,
until what is missing stands for at least five on either side.
"""

from collections.abc import Sequence

FEWEST = 5


def cells_shown(sizes: Sequence[int], counts: Sequence[int]) -> list[bool]:
    """Tell which counts may be shown, of areas of these sizes that add up to one that is shown."""
    pairs = _pairs(sizes, counts)
    shown = [count >= FEWEST and size - count >= FEWEST for size, count in pairs]
    return _widened(shown, pairs, both=True)


def together_shown(sizes: Sequence[int], *counts: Sequence[int]) -> list[bool]:
    """Tell in which areas several counts may be shown beside each other.

    From two of them a third may be reckoned, and so each has to bear being shown; where one does
    not, none is, and what is hidden then must hide enough of each.
    """
    masks = [cells_shown(sizes, each) for each in counts]
    shown = [all(seen) for seen in zip(*masks, strict=True)]
    while True:
        before = list(shown)
        for each in counts:
            shown = _widened(shown, _pairs(sizes, each), both=True)
        if shown == before:
            return shown


def sizes_shown(sizes: Sequence[int]) -> list[bool]:
    """Tell which sizes may be shown, of areas that add up to one that is shown."""
    return _widened(
        [size >= FEWEST for size in sizes], [(size, size) for size in sizes], both=False
    )


def _pairs(sizes: Sequence[int], counts: Sequence[int]) -> list[tuple[int, int]]:
    return [(size, min(count, size)) for size, count in zip(sizes, counts, strict=True)]


def _widened(shown: list[bool], pairs: Sequence[tuple[int, int]], *, both: bool) -> list[bool]:
    while not all(shown) and any(shown):
        hidden = [pair for pair, seen in zip(pairs, shown, strict=True) if not seen]
        did = sum(count for _, count in hidden)
        did_not = sum(size - count for size, count in hidden)
        if len(hidden) > 1 and did >= FEWEST and (did_not >= FEWEST or not both):
            break
        smallest = min((pair, at) for at, pair in enumerate(pairs) if shown[at])[1]
        shown[smallest] = False
    return shown
