"""Reading quarantined rows again, by today's contract: after a kind was mended, or a code added."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from app.database import read, write
from app.privacy import SealBroken, vault
from app.sync.connectors.protocol import Offer, Rows
from app.sync.contract.stream import Stream
from app.sync.inward.books import open_run
from app.sync.inward.needs import Needs
from app.sync.inward.page import PageWork
from app.sync.inward.prepared import prepare
from app.sync.inward.unhurried import unhurried

PLACE = "sync_quarantine.raw"
CHUNK = 1000

OPEN_ROWS = """
SELECT digest, field, raw_sealed FROM sync_quarantine
WHERE source = %(source)s AND stream = %(stream)s AND status = 'open' AND digest > %(after)s
ORDER BY digest LIMIT %(chunk)s
"""
REPLAYED = """
UPDATE sync_quarantine q SET status = 'replayed', closed_at = now()
WHERE source = %(source)s AND stream = %(stream)s AND digest = ANY(%(digests)s)
  AND status IN ('open', 'superseded') AND last_seen <> now()
  AND NOT EXISTS (SELECT FROM sync_quarantine a
    WHERE a.source = q.source AND a.stream = q.stream AND a.sid = q.sid AND a.status = 'open'
      AND a.ver IS NOT DISTINCT FROM q.ver AND a.last_seen = now())
"""
"""What was tried and not put aside again in the same deed, be it for another fault."""


def replay(source: str, stream: Stream, needs: Needs) -> Counter[str]:
    """Read the open rows of a stream again; what is a record now is merged, the rest stays.

    Rows that could not even be laid into columns stay as they are. Returns the counts of the
    merge, and as ``unreadable`` how many could not be tried.

    Raises:
        Overtaken: a reading of the stream began meanwhile.
    """
    run = open_run(source, Offer(stream.name), "replay")
    work = PageWork.of(run, stream, needs)
    counts: Counter[str] = Counter()
    names: dict[str, Any] = {"source": source, "stream": stream.name, "chunk": CHUNK, "after": ""}
    status = "failed"
    try:
        while rows := read(OPEN_ROWS, names):
            names["after"] = rows[-1].digest
            counts += _replay(work, rows, names)
        status = "done"
    finally:
        run.close(status, "replay of the quarantine")
    return counts


def _replay(work: PageWork, rows: Sequence[Any], names: dict[str, Any]) -> Counter[str]:
    counts = Counter[str]()
    alike = defaultdict[tuple[str, ...], list[tuple[str, dict[str, Any]]]](list)
    for row in rows:
        found = _columns(row)
        if found is None:
            counts["unreadable"] += 1
        else:
            alike[tuple(found)].append((row.digest, found))
    for tried in alike.values():  # beside rows with other columns, a row would be another one
        ((batch,),) = read("SELECT nextval('sync_batch_id_seq')")
        read_again = partial(_rows, [found for _, found in tried])
        page = prepare(work.stream, work.run.source, batch, read_again, ahead=False)
        with unhurried():
            counts += work.commit(page, None)
            write(REPLAYED, names | {"digests": [digest for digest, _ in tried]})
    return counts


def _columns(row: Any) -> dict[str, Any] | None:
    """Return a row by columns, or None if it was put aside as a whole, for no field of it."""
    if not row.field:
        return None
    try:
        found: dict[str, Any] = json.loads(vault.open(PLACE, row.digest, bytes(row.raw_sealed)))
    except (ValueError, SealBroken):  # too long to be kept whole, or its key is not here
        return None
    return found


def _rows(rows: list[dict[str, Any]]) -> Rows:
    table = {name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]}
    return Rows(pa.table(table), fixed=False)
