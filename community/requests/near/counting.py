"""The counts of this process, brought up to date from what was committed since it last looked.

What is new is told by snapshots: a change counts once, when its transaction is not in the snapshot
of the last look and is in this one, in whatever order transactions began and ended. No request is
counted twice and none is left out, and nobody waits for anybody.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.database import read
from community.requests.near.cells import Box, Cells, Cluster

STALE_AFTER_S = 3.0  # with what a look takes, an answer is at most five seconds old
ANEW_AFTER_S = 300.0  # changes are kept beside the counts three times as long: see sweeps.py

ALL = """
SELECT x, y, matter_code, n, pg_current_snapshot()::text AS seen FROM request_cell
UNION ALL
SELECT x, y, matter_code, delta, pg_current_snapshot()::text FROM request_cell_change
UNION ALL
SELECT 0, 0, NULL, 0, pg_current_snapshot()::text
"""

SINCE = """
SELECT c.x, c.y, c.matter_code, c.delta AS n, now.seen
FROM (SELECT pg_current_snapshot()::text AS seen) now
LEFT JOIN request_cell_change c ON c.xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(c.xid, %(seen)s::pg_snapshot)
"""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Clusters in a box, the zoom that was taken, and the moment of which they tell."""

    zoom: int
    items: list[Cluster]
    as_of: datetime


class _Kept:
    """The counts of one process, shared by its threads: one of them looks, the others go on."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._using = threading.Lock()
        self._cells: Cells | None = None
        self._seen = ""
        self._looked = 0.0
        self._as_of = clock.now()

    def clusters(self, box: Box, zoom: int, matter: str | None) -> Clusters:
        """Return clusters that are at most five seconds old."""
        self._look_again()
        with self._using:
            assert self._cells is not None
            taken, items = self._cells.clusters(box, zoom, matter)
            return Clusters(taken, items, self._as_of)

    def forget(self) -> None:
        """Count anew at the next question."""
        self._cells = None

    def _look_again(self) -> None:
        if self._cells is not None and time.monotonic() - self._looked < STALE_AFTER_S:
            return
        # A thread that finds another looking goes on with what there is, unless it is too old.
        late = self._cells is None or time.monotonic() - self._looked > STALE_AFTER_S + 1.0
        if not self._looking.acquire(blocking=late):
            return
        try:
            if self._cells is None or time.monotonic() - self._looked >= STALE_AFTER_S:
                self._look()
        finally:
            self._looking.release()

    def _look(self) -> None:
        began, as_of = time.monotonic(), clock.now()
        cells = self._cells if began - self._looked < ANEW_AFTER_S else None
        rows = read(ALL) if cells is None else read(SINCE, {"seen": self._seen})
        new = [(row.x, row.y, row.matter_code, row.n) for row in rows if row.matter_code]
        with self._using:
            if cells is None:
                self._cells = Cells(new)
            else:
                cells.add(new)
            self._seen, self._looked, self._as_of = rows[0].seen, began, as_of


counts = _Kept()
"""The counts of this process."""
