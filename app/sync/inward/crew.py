"""Who makes pages ready while the server merges: one thread here, or processes beside."""

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.sync.connectors.protocol import Cursor, Page
from app.sync.contract.stream import Stream
from app.sync.inward.prepared import Prepared, prepare

_streams: dict[str, Stream] = {}


@dataclass(slots=True)
class Crew:
    """A few pairs of hands; pages come back in the order in which they were handed over."""

    executor: Executor
    hands: int
    here: bool

    def make_ready(self, stream: Stream, source: str, batch: int, page: Page, ahead: bool) -> Any:
        """Hand a page over and return what will be it, made ready."""
        if self.here:
            return self.executor.submit(prepare, stream, source, batch, page.read, ahead)
        return self.executor.submit(_prepare_named, stream.name, source, batch, page.read, ahead)


@contextmanager
def crew_of(processes: int, streams: list[Stream]) -> Iterator[Crew]:
    """Yield a crew of so many processes, or of one thread of this process for 0.

    The processes are forked at once, before any thread or connection is there to be copied, and
    inherit streams and keys; they never speak to the database.
    """
    if processes == 0:
        with ThreadPoolExecutor(1, thread_name_prefix="sync") as executor:
            yield Crew(executor, 1, here=True)
        return
    _streams.update({stream.name: stream for stream in streams})
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context) as executor:
        list(executor.map(int, range(processes)))
        yield Crew(executor, processes, here=False)


def _prepare_named(name: str, source: str, batch: int, read: Any, ahead: bool) -> Prepared:
    return prepare(_streams[name], source, batch, read, ahead)


Waiting = deque[tuple[Future[Prepared], Cursor]]
