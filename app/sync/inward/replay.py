"""Reading quarantined rows again, by today's contract: after a kind was mended, or a code added."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from app.database import read, write
from app.privacy import vault
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
SELECT digest, raw_sealed FROM sync_quarantine
WHERE source = %(source)s AND stream = %(stream)s AND status = 'open' AND digest > %(after)s
ORDER BY digest LIMIT %(chunk)s
"""
REPLAYED = """
UPDATE sync_quarantine SET status = 'replayed', closed_at = now()
WHERE source = %(source)s AND stream = %(stream)s AND digest = ANY(%(digests)s)
"""


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
    raw = {row.digest: vault.open(PLACE, row.digest, bytes(row.raw_sealed)) for row in rows}
    laid = {digest: _columns(text) for digest, text in raw.items()}
    tried = {digest: row for digest, row in laid.items() if row is not None}
    counts = Counter(unreadable=len(laid) - len(tried))
    if not tried:
        return counts
    ((batch,),) = read("SELECT nextval('sync_batch_id_seq')")
    read_again = partial(_rows, list(tried.values()))
    page = prepare(work.stream, work.run.source, batch, read_again, ahead=False)
    still_bad = {each.raw for each in page.rejects}
    counts += work.commit(page, None)
    good = [digest for digest in tried if raw[digest] not in still_bad]
    with unhurried():
        write(REPLAYED, names | {"digests": good})
    return counts


def _columns(raw: str) -> dict[str, Any] | None:
    try:
        row = json.loads(raw)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _rows(rows: list[dict[str, Any]]) -> Rows:
    names = dict.fromkeys(name for row in rows for name in row)
    table = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    return Rows(pa.table(table), fixed=False)
