"""Ranges of ids: who is delivered to is cut into chunks without asking who that is.

Ids are drawn at random, so equal slices of all ids hold about equally many people; where they do
not, a chunk is only longer, never wrong: it is read page by page.
"""

from itertools import pairwise
from uuid import UUID

ALL_IDS = 2**128
CHUNK_PEOPLE = 10_000
MOST_CHUNKS = 1024
"""At most so many rows are made for a campaign, whatever the size of the district."""
FOUND_AT_ONCE = 50_000
"""People: more are not found in one statement, which has its time limit."""
DEARER = 3  # to find somebody of an audience, against asking one of a register (measured)


def chunks_for(people: int) -> int:
    """Return into how many chunks ``people`` are cut."""
    return max(1, min(MOST_CHUNKS, -(-people // CHUNK_PEOPLE)))


def ranges(chunks: int) -> list[tuple[UUID, UUID]]:
    """Return ``chunks`` ranges (after, up to and with) that hold every id but the nil one."""
    bounds = [max(0, number * ALL_IDS // chunks - 1) for number in range(chunks + 1)]
    return [(UUID(int=low), UUID(int=high)) for low, high in pairwise(bounds)]


def is_found_sooner(people: int, register: int) -> bool:
    """Tell whether an audience is found sooner for each of its chunks than a register is walked.

    ``people`` of ``register``, both about. Each chunk finds the whole audience once; walked, all
    chunks together ask everybody once whether the notice is for them.
    """
    found = people * chunks_for(people)
    return people <= FOUND_AT_ONCE and found * DEARER <= register
