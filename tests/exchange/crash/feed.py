"""A made-up source that has everything in it that a source does wrong, and is the same by seed.

It is visited a few times: first with what it has, out of order and full of repeats, then with what
changed, then with complete lists from which some are missing, and last with one from which too
many are.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa

from app.sync.connectors.protocol import Cursor, Offer, Page, Rows, Unreadable
from tests.exchange.crash.records import (
    SOURCE,
    STAFF_PHONES,
    Row,
    address,
    area,
    department,
    household,
    resident,
    staff,
)

PAGE_ROWS = 40
ERASED = "CRASH-R99"
"""Somebody who was erased before the first visit."""
KEPT = frozenset({"residents", "areas", "staff"})
"""Streams of which the source forgets nothing, whatever it is told."""

Item = Row | Unreadable


@dataclass(frozen=True, slots=True)
class Told:
    """What a source says of one stream on one visit; ``claimed`` is how many rows it says it is."""

    stream: str
    items: Sequence[Item]
    complete: bool = False
    digest: str | None = None
    claimed: int | None = None


Visit = Sequence[Told]
Heard = Callable[[str, int], None]
"""What a source does with a receipt: of a stream, up to a row."""


class MadeUp:
    """A source that hands over what it was told to, in pages, from wherever it was left."""

    source = SOURCE

    def __init__(self, visit: Visit, heard: Heard = lambda *_: None) -> None:
        self._told = {told.stream: told for told in visit}
        self._heard = heard

    def check(self) -> Sequence[str]:
        return []

    def offers(self) -> Sequence[Offer]:
        return [
            Offer(
                each.stream,
                each.claimed,
                each.complete,
                each.digest,
                told=each.stream not in KEPT,
            )
            for each in self._told.values()
        ]

    def pages(self, stream: str, cursor: Cursor, size: int) -> Iterator[Page]:
        items = self._told[stream].items
        for first in range(int(cursor.get("row", 0)), len(items), size):
            part = items[first : first + size]
            yield Page(partial(laid, part), {"row": first + len(part)})

    def acknowledge(self, stream: str, cursor: Cursor) -> None:
        """Hear up to which row all is committed."""
        self._heard(stream, cursor["row"])


def laid(items: Sequence[Item]) -> Rows:
    """Lay rows into columns; those that cannot be laid go beside."""
    rows: list[Mapping[str, str | None]] = [x for x in items if not isinstance(x, Unreadable)]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    return Rows(pa.table(columns), [x for x in items if isinstance(x, Unreadable)])


def visits(seed: int) -> list[Visit]:
    """Return all visits to the source of a seed, in order."""
    dice = random.Random(seed)
    homes: list[Item] = [household(n) for n in range(1, 13)]
    places: list[Item] = [address(n) for n in range(1, 13)]
    people = _people(dice)
    first: dict[str, list[Item]] = {
        "residents": people,
        "households": homes,
        "areas": [area(1), area(2)],
        "addresses": [*places, address(1, ver=1, lng="124.36"), address(90, grid_code="CRASH-G9")],
        "staff": [
            staff(1),
            staff(2),
            staff(3, area_code="CRASH-G3"),
            staff(4, area_code="CRASH-G1"),
        ],
        "departments": [department(1), department(2)],
    }
    later: dict[str, list[Item]] = {
        "residents": people + _news_of_people(dice),
        "households": [*homes, household(3, ver=2, address_sid="CRASH-A77"), household(90)],
        "areas": [*first["areas"], area(3), area(2, ver=2, name="又名")],
        "addresses": [*first["addresses"], address(2, ver=2, op="D"), address(77, ver=3)],
        "staff": [
            *first["staff"],
            staff(1, ver=2, role="desk_clerk"),
            staff(2, ver=2, op="D"),
            staff(4, ver=2, area_code="CRASH-G1", name="又名员", phone=STAFF_PHONES[9]),
        ],
        "departments": [*first["departments"], department(4, code="CRASH-D1"), department(5)],
    }
    return [
        [Told(name, items) for name, items in first.items()],
        [Told(name, items) for name, items in later.items()],
        *_complete_visits(dice),
    ]


def _people(dice: random.Random) -> list[Item]:
    """Return the first news of the residents, in the worst of orders."""
    base = [resident(n) for n in range(1, 71)]
    newer = [resident(n, ver=3, relation="other") for n in range(1, 6)]
    older = [resident(n, ver=2, relation="parent") for n in range(1, 8)]
    gone = [resident(n, ver=2, op="D") for n in range(10, 13)]
    ties = [resident(97), *(resident(n, op="D") for n in (13, 14, 15, 97))]
    twins = [resident(n, name="重用号") for n in range(16, 18)]
    bad: list[Item] = [
        resident(81, id_number="210603197001010010"),
        resident(82, phone="12"),
        resident(83, phone="12"),
        {"name": "无号"},
    ]
    odd: list[Item] = [
        Unreadable("ROW_BROKEN", "half a row"),
        resident(99),
        resident(98, ver=4, op="D"),
    ]
    repeats = [*(resident(n) for n in range(20, 24)), resident(83)]
    strange = [resident(25, ver=2, nickname="小试")]
    all_of_it: list[Item] = [
        *base, *newer, *older, *gone, *ties, *twins, *bad, *odd, *repeats, *strange,
    ]  # fmt: skip
    dice.shuffle(all_of_it)
    return all_of_it


def _news_of_people(dice: random.Random) -> list[Item]:
    back = [resident(10, ver=5), resident(81, ver=2), resident(13, ver=1)]
    news = [
        resident(n, ver=7, relation="spouse", name="又名人", phone=f"1999997{n:04d}")
        for n in range(30, 36)
    ]
    stale = [resident(n, ver=1) for n in range(30, 33)]
    found: list[Item] = [*back, *news, *stale, resident(99, ver=2), resident(40, ver=2, op="D")]
    dice.shuffle(found)
    return found


def _complete_visits(dice: random.Random) -> Iterator[Visit]:
    """Yield visits with whole lists: some missing, doubtful ones, and one with most missing."""
    there: list[Item] = [resident(n, ver=8) for n in range(1, 71) if n not in (50, 51, 52)]
    there.append(resident(53, ver=9, phone="12"))  # bad, and yet there
    there = [row for row in there if row != resident(53, ver=8)]
    dice.shuffle(there)
    whole = Told("residents", there, complete=True, digest="whole")
    homes: list[Item] = [household(n, ver=2) for n in range(1, 11)]
    miscounted = Told("households", homes, complete=True, digest="short", claimed=12)
    places: list[Item] = [address(n) for n in range(3, 9)]
    keyless = Told("addresses", [*places, {"text": "无号"}], complete=True, digest="keyless")
    yield [whole, miscounted, keyless]
    right = replace(miscounted, digest="right", claimed=10)
    yield [Told("residents", there[:8], complete=True, digest="few"), right]


def rows_told(all_visits: Sequence[Visit]) -> Mapping[str, int]:
    """Return how many rows of each stream come in over all visits, each counted once."""
    tapes: dict[str, int] = {}
    lists: dict[str, int] = {}
    for visit in all_visits:
        for told in visit:
            if told.complete:
                lists[told.stream] = lists.get(told.stream, 0) + len(told.items)
            else:
                tapes[told.stream] = len(told.items)
    return {name: tapes.get(name, 0) + lists.get(name, 0) for name in {*tapes, *lists}}
