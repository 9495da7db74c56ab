"""One page, one commit: all that becomes of it, and how far the reading is, or nothing of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from app.database import read, write
from app.privacy import vault
from app.sync.connectors.protocol import Cursor
from app.sync.contract.records import Reject
from app.sync.contract.stream import Project, Stream
from app.sync.inward.books import Run
from app.sync.inward.drift import COLUMN_NEW, VERSION_REUSED, note_drift
from app.sync.inward.lost_columns import LostColumns
from app.sync.inward.merge import merge
from app.sync.inward.needs import Needs
from app.sync.inward.points import reached
from app.sync.inward.prepared import Prepared
from app.sync.inward.quarantine import any_open, as_a_row, put_aside, supersede
from app.sync.inward.replacing import Merged
from app.sync.inward.tally import Tally, settle
from app.sync.inward.unhurried import unhurried

# One page at a time, of whatever stream and source: records bring those home that wait for them in
# other streams. Two such pages at once miss each other (one waits for ever), or deadlock.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('sync', 0))"
SUPPRESSED = """
SELECT sid_index FROM sync_suppressed WHERE source = %(source)s AND stream = %(stream)s
"""
# What they stand in for is not taken away first: the row goes on, with all that hangs on it.
SURVIVORS = """
WITH survivor AS (
  INSERT INTO stage_rows SELECT s.* FROM {mirror} s
  WHERE s.deleted_at IS NULL AND ({keys}) IN (SELECT {keys} FROM stage_gone s)
    AND NOT EXISTS (SELECT FROM stage_rows r WHERE r.source = s.source AND r.sid = s.sid){others}
  RETURNING *),
spared AS (DELETE FROM stage_gone s WHERE ({keys}) IN (SELECT {keys} FROM survivor s))
SELECT count(*)::int FROM survivor
"""
OTHERS = """
SELECT source FROM sync_checkpoint WHERE stream = %(stream)s AND source <> %(source)s
"""
OF_OTHERS = " AND s.source = ANY(%(others)s)"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class PageWork:
    """What is the same for every page of a reading."""

    run: Run
    stream: Stream
    needs: Needs
    dense: bool
    told: bool
    lost: LostColumns
    tally: Tally

    @classmethod
    def of(
        cls, run: Run, stream: Stream, needs: Needs, dense: bool = False, told: bool = True
    ) -> Self:
        """Return the work of a reading.

        ``dense``: it is a complete one. ``told``: somebody is told of each page. Where nobody is,
        the next page is begun while the server still writes this one to its disk: what a crash
        takes back goes with its checkpoint, and the end of the run waits for all of them.
        """
        lost, tally = LostColumns(run.source, stream), Tally(run.source, stream.name)
        return cls(run, stream, needs, dense, told, lost, tally)

    def commit(self, page: Prepared, cursor: Cursor | None) -> Counter[str]:
        """Write a page and return what became of its rows; without a cursor the checkpoint stays.

        Raises:
            Overtaken: another run has the stream; nothing of the page is written.
            ColumnsMissing: fields that the source used to tell have no column any more.
        """
        names = {"source": page.source, "stream": self.stream.name}
        with unhurried(awaited=self.told):
            write(LOCK)
            reached("begun")
            self.lost.look(page)
            erased = suppressed_keys(names)
            merged = merge(self.stream, page, erased, self.dense, self._asked_for(page))
            self.tally.add(merged.sums, page.batch)
            rejects = [*page.rejects, *self._taken(page, merged.taken)]
            rejects, kept_out = _without(rejects, erased)
            merged.counts["suppressed"] += kept_out
            put_aside(page.source, self.stream, rejects)
            reached("quarantined")
            counts = merged.counts
            counts.update({"in": page.rows, "bad": len(rejects)})
            counts.update(self.carry(merged, names))
            note_drift(names, VERSION_REUSED, "", len(merged.reused), keys=merged.reused[:SHOWN])
            for name in page.strange:
                note_drift(names, COLUMN_NEW, name, page.rows)
            self.run.book(page.batch, counts)
            reached("booked")
            stored = self.run.move(cursor, page.rows)
            reached("moved")
        self.run.stored = stored
        reached("committed")
        return counts

    def carry(self, merged: Merged, names: Mapping[str, object]) -> dict[str, int]:
        """Carry what the merge left in the staging tables into the product."""
        project, waiting, home = self.stream.project, 0, 0
        supersede(names, merged)  # before those come up again that stand in for what went
        if merged.gone and project:
            merged.arrived |= self._survivors(project, names)
            project.gone()
        if merged.arrived:
            waiting = self.needs.hold_back(self.stream)
            if project:
                project.arrived()
            reached("projected")
            home = self.needs.bring_home(self.stream)
            reached("brought home")
        return {"waiting": waiting, "home": home}

    def settle(self) -> None:
        """Add to the buckets what is kept beside them, once there is no more to come."""
        with unhurried():
            write(LOCK)
            settle(self.run.source, self.stream.name)
            reached("counted")

    def _asked_for(self, page: Prepared) -> bool:
        """Tell whether anybody looks at what comes, once it is in the mirror."""
        if self.stream.project or self.needs.concern(self.stream) or page.rejects:
            return True
        return any_open(self.run.source, self.stream.name)

    def _survivors(self, project: Project, names: Mapping[str, object]) -> bool:
        """Put into ``stage_rows`` who stands in for what went: a record of the same product row.

        Where a row is known by the record's own key, that can only be a record of another source.
        """
        keys, others = project.keys(), list[str]()
        own = "s.sid" in keys
        if own and not (others := [row.source for row in read(OTHERS, names)]):
            return False
        sql = SURVIVORS.format(
            mirror=self.stream.mirror.name, keys=", ".join(keys), others=OF_OTHERS if own else ""
        )
        ((survivors,),) = write(sql, {**names, "others": others})
        return bool(survivors)

    def _taken(self, page: Prepared, taken: Mapping[str, int]) -> list[Reject]:
        """Return records whose code was taken as rejects."""
        records, fields = page.records, [f.name for f in self.stream.fields]
        found = []
        for sid, place in taken.items():
            ver = records.ver[place].as_py()
            values = [sid, str(ver), *(column[place].as_py() for column in records.values)]
            raw = as_a_row(["sid", "ver", *fields], values)
            found.append(Reject(sid, "CODE_REUSED", self.stream.unique or "", raw, ver))
        return found


def _without(rejects: Sequence[Reject], erased: frozenset[bytes]) -> tuple[list[Reject], int]:
    """Leave out the rows of those who were erased: nothing of theirs is put aside, either."""
    if not erased:
        return list(rejects), 0
    kept = [r for r in rejects if not r.sid or vault.index("sid", r.sid) not in erased]
    return kept, len(rejects) - len(kept)


def suppressed_keys(names: Mapping[str, object]) -> frozenset[bytes]:
    """Return the keyed indexes of those who were erased."""
    return frozenset(bytes(row.sid_index) for row in read(SUPPRESSED, names))
