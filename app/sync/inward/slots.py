"""Memory shared by processes that were forked, through which pages go from one to the other.

A page is tens of megabytes, nearly all of it in a few buffers. Through a pipe they would be copied
six times, by the one thread that ought to be writing them to the server.
"""

import mmap
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SLOT_BYTES = 96 << 20  # of addresses; it takes the memory that the largest page in it took
ALIGNED = 64  # bytes, as Arrow wants its buffers


class Slot:
    """Room for one page, made before the processes are."""

    def __init__(self) -> None:
        self.room = memoryview(mmap.mmap(-1, SLOT_BYTES))


@dataclass(frozen=True, slots=True)
class Packed:
    """Something without its buffers, and where in a slot those lie: (begin, end) of each.

    Without places everything is in ``head``: it was too large for a slot.
    """

    head: bytes
    places: Sequence[tuple[int, int]] | None


def packed(what: Any, slot: Slot) -> Packed:
    """Leave the buffers of something in a slot, in place of whatever was there."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(what, protocol=5, buffer_callback=buffers.append)
    places, begin = [], 0
    for each in (buffer.raw() for buffer in buffers):
        end = begin + each.nbytes
        if end > SLOT_BYTES:
            return Packed(pickle.dumps(what, protocol=5), None)
        slot.room[begin:end] = each
        places.append((begin, end))
        begin = -(-end // ALIGNED) * ALIGNED
    return Packed(head, places)


def unpacked(found: Packed, slot: Slot) -> Any:
    """Return it; its buffers are those in the slot, until another is left there."""
    buffers = [slot.room[begin:end] for begin, end in found.places or ()]
    return pickle.loads(found.head, buffers=buffers)  # noqa: S301  a child of ours made it
