"""Reading a source: stream by stream, page by page, to its end or its fault.

Whatever dies in between leaves the last page whole and the next one unread. A stream that cannot
be read does not keep the others from being read: what depends on it waits.
"""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.database import read
from app.sync.connectors.protocol import (
    Connector,
    Cursor,
    Offer,
    Page,
    SourceAway,
    SourceRefused,
)
from app.sync.contract.records import ColumnsMissing
from app.sync.contract.stream import Stream
from app.sync.inward.absence import settle_absence
from app.sync.inward.books import Overtaken, Run, open_run
from app.sync.inward.crew import Crew, HelperDied, crew_of
from app.sync.inward.drift import Oddity
from app.sync.inward.needs import Needs
from app.sync.inward.page import PageWork
from app.sync.inward.points import reached
from app.sync.inward.progress import Progress, Stopped, for_its_keys
from app.sync.inward.reckoning import Reckoning, Unproven
from app.sync.inward.volume import odd_volume

PAGE_ROWS = 24_000
UNKNOWN_STREAM = "UNKNOWN_STREAM: nobody knows this stream"
HELPER_DIED = "HELPER_DIED: a process that read beside was killed; the next reading goes on"
MOSTLY = 0.5
"""A page is sealed ahead if more than this share of the one before was news."""

log = logging.getLogger("linli.sync")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of one stream in one reading, and how that ended."""

    stream: str
    status: str
    counts: Mapping[str, int] = field(default_factory=dict)
    message: str | None = None


def run_source(
    connector: Connector,
    streams: Sequence[Stream],
    progress: Progress,
    page_rows: int = PAGE_ROWS,
    processes: int = 0,
) -> list[Outcome]:
    """Read everything that the source has new, stream by stream in its order.

    ``processes`` read and seal beside this one; 0: a thread of this one does.

    Raises:
        SourceRefused, SourceAway: nothing can be read at all. A fault of one stream is told in
            its outcome (refused, away, overtaken, failed), and the others are read all the same.
        Stopped: the progress said so; the next reading goes on behind the page in hand.
    """
    known = {stream.name: stream for stream in streams}
    offers, needs = connector.offers(), Needs(known)
    outcomes = []
    with crew_of(processes, list(streams)) as crew:
        for offer in offers:
            if offer.stream in known:
                reading = _Reading(connector, known[offer.stream], offer, needs, crew)
                outcomes.append(reading.run(progress, page_rows))
            else:
                outcomes.append(Outcome(offer.stream, "refused", message=UNKNOWN_STREAM))
    return outcomes


@dataclass
class _Reading:
    connector: Connector
    stream: Stream
    offer: Offer
    needs: Needs
    crew: Crew
    counts: Counter[str] = field(default_factory=Counter)

    def run(self, progress: Progress, page_rows: int) -> Outcome:
        run = open_run(self.connector.source, self.offer)
        status, message = "failed", None
        try:
            status = self._read(run, progress, page_rows)
        except Overtaken:
            status = "overtaken"
        except Stopped:
            status = "stopped"
            raise
        except SourceAway as fault:
            status, message = "away", str(fault)
        except SourceRefused as fault:
            status, message = "refused", str(fault)
        except ColumnsMissing as fault:
            status, message = "refused", f"COLUMNS_MISSING: {fault}"
        except HelperDied:
            message = HELPER_DIED
        finally:
            run.close(status, message)
        if message:
            log.warning("sync %s %s %s: %s", run.source, run.stream, status, message)
        return Outcome(self.stream.name, status, self.counts, message)

    def _read(self, run: Run, progress: Progress, page_rows: int) -> str:
        if self.offer.mark is not None and self.offer.mark == run.read_digest:
            run.fresh(self.offer.mark, equal=False)
            return "done"
        cursor = run.resume(self.offer.digest)
        if run.broken and cursor:  # its last page may be committed, and not acknowledged
            self._acknowledge(cursor)
        reckoning = Reckoning(from_start=not cursor)
        work = PageWork.of(run, self.stream, self.needs, run.whole, self.offer.told)
        faults = list[Exception]()
        pages = _until_a_fault(self.connector.pages(self.stream.name, cursor, page_rows), faults)
        ahead, waiting = run.first, deque[Any]()
        for page in pages:
            waiting.append((self._ready(run, page, ahead), page.cursor))
            if len(waiting) > self.crew.hands:
                ahead = self._commit(work, waiting, reckoning, progress)
        while waiting:
            self._commit(work, waiting, reckoning, progress)
        if faults:
            raise faults[0]
        work.settle()
        held, odd, mark = False, list[Oddity](), self.offer.mark
        if run.whole:
            try:
                tell = self._again(run, progress)
                held = settle_absence(self.connector, work, self.offer, reckoning, page_rows, tell)
            except Unproven as doubt:
                odd.append(doubt.oddity)
                mark = None if doubt.passing else mark
            odd += odd_volume(run)
            reached("settled")
        run.fresh(mark, reckoning.equal, odd)
        return "held" if held else "done"

    def _ready(self, run: Run, page: Any, ahead: bool) -> Any:
        ((batch,),) = read("SELECT nextval('sync_batch_id_seq')")
        return self.crew.make_ready(self.stream, run.source, batch, page, ahead)

    def _commit(
        self, work: PageWork, waiting: deque[Any], reckoning: Reckoning, progress: Progress
    ) -> bool:
        """Commit the page that has waited longest; tell whether the next are likely news."""
        future, cursor = waiting.popleft()
        page = future.result()
        counts = work.commit(page, cursor)
        reckoning.add(page)
        self._acknowledge(cursor)
        self.counts += counts
        progress(self.stream.name, work.run.rows, self.offer.rows)
        news = counts["inserted"] + counts["updated"]
        return news > MOSTLY * max(1, counts["in"])

    def _again(self, run: Run, progress: Progress) -> Callable[[int], None]:
        """Return the way to tell how far the second walk is, at the terminal and in the books."""

        def tell(rows: int) -> None:
            run.lives()
            progress(for_its_keys(self.stream.name), rows, self.offer.rows)

        return tell

    def _acknowledge(self, cursor: Cursor) -> None:
        """Tell the source what is committed; not being heard does not undo that."""
        try:
            self.connector.acknowledge(self.stream.name, cursor)
        except (SourceAway, SourceRefused) as fault:
            log.warning(
                "sync %s %s not acknowledged: %s", self.connector.source, self.stream.name, fault
            )
        reached("acknowledged")


def _until_a_fault(pages: Iterator[Page], faults: list[Exception]) -> Iterator[Page]:
    """Yield what a source tells before it has a fault; that is kept for when this is committed."""
    try:
        yield from pages
    except (SourceRefused, SourceAway) as fault:
        faults.append(fault)


__all__ = ["PAGE_ROWS", "Outcome", "Overtaken", "Progress", "Stopped", "run_source"]
