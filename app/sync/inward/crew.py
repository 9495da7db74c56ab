"""Who makes pages ready while the server merges: one thread here, or processes beside."""

import gc
import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, Protocol

from app.sync.connectors.protocol import Page
from app.sync.contract.stream import Stream
from app.sync.inward.prepared import Prepared, prepare
from app.sync.inward.slots import Packed, Slot, packed, unpacked
from app.sync.inward.thrift import give_back, tidy_up

TURN_S = 0.0005
"""How long the thread that makes pages ready may keep the one that writes from its turn.

Python's own 5 ms are paid whenever the driver has handed a piece to the server, some hundred times
a page: that is longer than all the rest takes.
"""

_streams: dict[str, Stream] = {}
_slots: list[Slot] = []


class Ready(Protocol):
    """A page that is being made ready."""

    def result(self) -> Prepared:
        """Return it, as soon as it is.

        Raises:
            SourceRefused, SourceAway, ColumnsMissing
        """
        ...


class Crew(Protocol):
    """Some pairs of hands; pages are handed over and taken back in one order.

    At most one page more than there are hands is out at a time: one that was taken back may be
    used until as many others have been handed over, and no longer.
    """

    hands: int

    def make_ready(self, stream: Stream, source: str, batch: int, page: Page, ahead: bool) -> Ready:
        """Hand a page over and return what will be it, made ready."""
        ...


@contextmanager
def crew_of(processes: int, streams: Sequence[Stream]) -> Iterator[Crew]:
    """Yield a crew of so many processes, or of one thread of this process for 0.

    The processes are forked at once, before any thread or connection is there to be copied, and
    inherit streams and keys; they never speak to the database.
    """
    give_back()
    if processes == 0:
        before = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        try:
            with ThreadPoolExecutor(1, thread_name_prefix="sync") as executor:
                yield _Here(executor)
        finally:
            sys.setswitchinterval(before)
        return
    _streams.update({stream.name: stream for stream in streams})
    _slots[:] = [Slot() for _ in range(processes + 1)]
    context = multiprocessing.get_context("fork")
    gc.freeze()  # what is here stays one copy: collecting would write to it in each process
    try:
        with ProcessPoolExecutor(processes, mp_context=context) as executor:
            list(executor.map(int, range(processes)))
            yield _Beside(executor, processes)
    finally:
        gc.unfreeze()
        _slots.clear()


class _Here:
    """A thread of this process."""

    hands = 1

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def make_ready(self, stream: Stream, source: str, batch: int, page: Page, ahead: bool) -> Ready:
        return self._executor.submit(prepare, stream, source, batch, page.read, ahead)


class _Beside:
    """Processes that leave their pages in memory which is shared with this one."""

    def __init__(self, executor: Executor, hands: int) -> None:
        self._executor, self.hands, self._handed = executor, hands, 0
        self._last: list[Future[Packed] | None] = [None] * len(_slots)

    def make_ready(self, stream: Stream, source: str, batch: int, page: Page, ahead: bool) -> Ready:
        place = self._handed % len(_slots)
        if before := self._last[place]:  # of a stream that was given up, and still writing
            wait([before])
        about = (stream.name, source, batch, page.read, ahead)
        future = self._last[place] = self._executor.submit(_prepare_beside, place, *about)
        self._handed += 1
        return _Left(future, _slots[place])


class _Left:
    """A page that another process leaves in a slot."""

    def __init__(self, future: Future[Packed], slot: Slot) -> None:
        self._future, self._slot = future, slot

    def result(self) -> Prepared:
        found: Prepared = unpacked(self._future.result(), self._slot)
        return found


def _prepare_beside(
    place: int, name: str, source: str, batch: int, read: Any, ahead: bool
) -> Packed:
    left = packed(prepare(_streams[name], source, batch, read, ahead), _slots[place])
    tidy_up()
    return left
