"""Who makes pages ready while the server merges: one thread here, or processes beside."""

import gc
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from typing import Any, Protocol

from app.sync.connectors.protocol import Page
from app.sync.contract.stream import Stream
from app.sync.inward.helper import Forking, begin
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


class HelperDied(Exception):
    """A process beside was killed; the pages that it and the others had in hand are gone."""


class Ready(Protocol):
    """A page that is being made ready."""

    def result(self) -> Prepared:
        """Return it, as soon as it is.

        Raises:
            SourceRefused, SourceAway, ColumnsMissing, HelperDied
        """
        ...


class Crew(Protocol):
    """Some pairs of hands; pages are handed over and taken back in one order.

    At most one page more than there are hands is out at a time: one that was taken back may be
    used until as many others have been handed over, and no longer.
    """

    hands: int

    def make_ready(self, stream: Stream, source: str, batch: int, page: Page, ahead: bool) -> Ready:
        """Hand a page over and return what will be it, made ready.

        Raises:
            HelperDied
        """
        ...


@contextmanager
def crew_of(processes: int, streams: Sequence[Stream]) -> Iterator[Crew]:
    """Yield a crew of so many processes, or of one thread of this process for 0.

    The processes are forked at once, by the thread that hands pages over, and inherit streams and
    keys. What else is there by then (connections, the thread that renews a lease) they leave alone:
    see ``helper``. They never speak to the database.
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
    gc.freeze()  # what is here stays one copy: collecting would write to it in each process
    try:
        with closing(_Beside(processes)) as beside:
            yield beside
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
    """Processes that leave their pages in memory which is shared with this one.

    Where one of them dies all are ended, and others are forked for the page that comes next.
    """

    def __init__(self, hands: int) -> None:
        self.hands, self._handed = hands, 0
        self._last: list[Future[Packed] | None] = [None] * len(_slots)
        self._helpers = _Helpers(hands)

    def make_ready(self, stream: Stream, source: str, batch: int, page: Page, ahead: bool) -> Ready:
        if self._helpers.dead:
            self._helpers = _Helpers(self.hands)
        place = self._handed % len(_slots)
        if before := self._last[place]:  # of a stream that was given up, and still writing
            wait([before])
        about = (stream.name, source, batch, page.read, ahead)
        with self._helpers.alive() as executor:
            future = self._last[place] = executor.submit(_prepare_beside, place, *about)
        self._handed += 1
        return _Left(future, _slots[place], self._helpers)

    def close(self) -> None:
        """End the processes, once nothing is in their hands."""
        self._helpers.close()


class _Helpers:
    """Processes that were forked together, and end together."""

    def __init__(self, hands: int) -> None:
        self.dead = False
        self._executor = ProcessPoolExecutor(hands, mp_context=Forking(), initializer=begin)
        self._executor.submit(int)  # all are forked before the first task

    @contextmanager
    def alive(self) -> Iterator[Executor]:
        """Yield them for something that needs all of them.

        Raises:
            HelperDied: one is dead, and so are all.
        """
        try:
            yield self._executor
        except BrokenProcessPool as fault:
            self.dead = True
            self.close()
            raise HelperDied from fault

    def close(self) -> None:
        """Return when they are gone; none writes to a slot any more."""
        self._executor.shutdown()


class _Left:
    """A page that another process leaves in a slot."""

    def __init__(self, future: Future[Packed], slot: Slot, helpers: _Helpers) -> None:
        self._future, self._slot, self._helpers = future, slot, helpers

    def result(self) -> Prepared:
        with self._helpers.alive():
            left = self._future.result()
        found: Prepared = unpacked(left, self._slot)
        return found


def _prepare_beside(
    place: int, name: str, source: str, batch: int, read: Any, ahead: bool
) -> Packed:
    left = packed(prepare(_streams[name], source, batch, read, ahead), _slots[place])
    tidy_up()
    return left
