"""One stream compared: our books, a look, a second look, and perhaps a repair and a third.

The source moves while we look, so what differs is looked at twice, and only what both looks saw
alike is called a difference. Nobody who reads is disturbed by looking. A repair takes the stream
over first, so that nothing is written between the second look and what is done about it.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import transaction, write
from app.sync.connectors.protocol import Connector, Offer, SourceAway, SourceRefused
from app.sync.contract.records import ColumnsMissing
from app.sync.contract.stream import Stream
from app.sync.inward.absence import newest_batch
from app.sync.inward.books import Overtaken, Run, open_run
from app.sync.inward.engine import Progress, Stopped
from app.sync.inward.lapsing import lapse_not_extra, waiting_holds
from app.sync.inward.needs import Needs
from app.sync.inward.page import PageWork
from app.sync.inward.seen import Keys, KeysLost
from app.sync.inward.unhurried import unhurried
from app.sync.reconcile.books import mend_books
from app.sync.reconcile.findings import Findings, Verdict, counts_of, facts_of
from app.sync.reconcile.look import Kind, Look, settled
from app.sync.reconcile.repair import let_go, read_anew
from app.sync.reconcile.sides import ReadThrough, Side, side_of

FAULTS = (SourceRefused, SourceAway, ColumnsMissing, Overtaken, KeysLost)
"""What may end the comparison of one stream; the others are compared all the same."""

REPAIRED = "REPAIR: what differed was read anew"
EQUAL = """
UPDATE sync_checkpoint SET equal_at = greatest(equal_at, %(at)s)
WHERE source = %(source)s AND stream = %(stream)s
"""

log = logging.getLogger("linli.sync")


@dataclass
class Comparison:
    """A stream of a source, to be compared; ``at`` is when both sides are said to be equal."""

    connector: Connector
    stream: Stream
    offer: Offer
    needs: Needs
    progress: Progress
    at: datetime
    keys: Keys = field(default_factory=Keys)

    @property
    def _names(self) -> dict[str, str]:
        return {"source": self.connector.source, "stream": self.stream.name}

    def run(self, repair: bool) -> Findings:
        """Compare, mend if told, and return what was found."""
        source, name = self.connector.source, self.stream.name
        found: dict[str, Any] = {"books": len(mend_books(source, self.stream))}
        with self.keys:
            try:
                found |= self._compared(repair)
            except FAULTS as fault:
                found["message"] = words_of(fault)
        if found.get("message"):
            log.warning("sync reconcile %s %s: %s", source, name, found["message"])
        if found.get("verdict") is Verdict.EQUAL:
            with transaction():
                write(EQUAL, {**self._names, "at": self.at})
        facts = facts_of(source, self.stream)
        keys = {**found.pop("keys", {}), **facts.pop("keys")}
        return Findings(name, keys=keys, **found, **facts)

    def _compared(self, repair: bool) -> dict[str, Any]:
        waiting = waiting_holds(self._names)
        side, first = self._first_look()
        if first.clean:
            self._lapse(waiting, first)
            return counts_of(first)
        if repair:
            return self._repaired(side, first, waiting)
        second = settled(first, side.look(within=first))
        self._lapse(waiting, second)
        return counts_of(second)

    def _first_look(self) -> tuple[Side, Look]:
        side = side_of(self.connector, self.offer, self.stream, self.progress, self.keys)
        try:
            return side, side.look()
        except SourceRefused as fault:
            if fault.code != "NOT_COUNTED" or not self.offer.complete:
                raise
        side = ReadThrough(self.connector, self.offer, self.stream, self.progress, self.keys)
        return side, side.look()

    def _lapse(self, waiting: Collection[UUID], look: Look) -> None:
        """Let go of whom a look did not find extra, in what waited before it."""
        extra = look.sids(Kind.EXTRA)
        if waiting and len(extra) == look.counts.get(Kind.EXTRA, 0):  # else not all are named
            with unhurried():
                lapse_not_extra(self._names, waiting, extra)

    def _repaired(self, side: Side, first: Look, waiting: Collection[UUID]) -> dict[str, Any]:
        run = open_run(self.connector.source, Offer(self.stream.name), "repair")
        found = counts_of(first)
        status, message = "failed", None
        try:
            second = settled(first, side.look(within=first))
            self._lapse(waiting, second)
            found = counts_of(second)
            if not second.clean:
                found = self._mended(run, side, first, second)
            status, message = "done", REPAIRED
        except Stopped:
            status = "stopped"
            raise
        except FAULTS as fault:
            status, found["message"] = _status_of(fault), words_of(fault)
            message = found["message"]
        finally:
            run.close(status, message)
        return found

    def _mended(self, run: Run, side: Side, first: Look, second: Look) -> dict[str, Any]:
        work, newest = PageWork.of(run, self.stream, self.needs), newest_batch()
        read_anew(work, side, second)
        work.settle()
        let_go(work, side, first, second, newest)
        third = side.look(within=second)
        return counts_of(settled(second, third)) | {"repaired": _repaired(second, third)}


def words_of(fault: Exception) -> str:
    """Return a fault as a code and words, without values."""
    if isinstance(fault, ColumnsMissing):
        return f"COLUMNS_MISSING: {fault}"
    if isinstance(fault, SourceAway):
        return f"AWAY: {fault}"
    if isinstance(fault, Overtaken):
        return "OVERTAKEN: somebody began to read the stream meanwhile"
    if isinstance(fault, KeysLost):
        return "KEYS_LOST: keys of the source were lost while they were compared"
    return str(fault)


def _status_of(fault: Exception) -> str:
    if isinstance(fault, Overtaken):
        return "overtaken"
    if isinstance(fault, KeysLost):
        return "failed"
    return "away" if isinstance(fault, SourceAway) else "refused"


def _repaired(before: Look, now: Look) -> int:
    """Return how many differed before and do not any more."""
    if before.cut or now.cut:
        return max(0, before.unexplained - now.unexplained)
    wrong = [each.sid for each in before.different.values() if not each.kind.explained]
    return sum(sid not in now.different for sid in wrong)
