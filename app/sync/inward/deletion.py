"""Records that are gone: their mirror rows become tombstones, and the product lets them go."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.database import read, write
from app.sync.inward.buckets import Sums
from app.sync.inward.page import LOCK, PageWork
from app.sync.inward.points import reached
from app.sync.inward.replacing import Merged, erased_columns, stage_for
from app.sync.inward.unhurried import unhurried

CHUNK = 5000

GOING = """
INSERT INTO stage_gone SELECT t.* FROM {mirror} t
WHERE t.source = %(source)s AND t.sid = ANY(%(sids)s) AND t.deleted_at IS NULL
  AND t.last_batch <= %(batch)s
"""
ENDED = """
UPDATE {mirror} t SET deleted_at = now(), deleted_by = 'absence', waits_for = NULL{erased}
FROM stage_gone s WHERE t.source = s.source AND t.sid = s.sid
"""


def delete_absent(work: PageWork, missing_sql: str, about: Mapping[str, object]) -> int:
    """Delete what ``missing_sql`` names, some thousand at a time, and return how many."""
    deleted = 0
    while True:
        with unhurried():
            sids = [row.sid for row in read(f"{missing_sql} LIMIT {CHUNK}", about)]
        if not sids:
            return deleted
        now = delete_keys(work, sids, about["batch"])
        if not now:  # changed meanwhile: none of them is missing any more
            return deleted
        deleted += now


def delete_all(work: PageWork, sids: Sequence[str], newest: object) -> None:
    """Delete these records, some thousand at a time, unless they have changed after ``newest``."""
    for first in range(0, len(sids), CHUNK):
        delete_keys(work, sids[first : first + CHUNK], newest)


def delete_keys(work: PageWork, sids: Sequence[str], newest: object) -> int:
    """Delete records by key in one transaction, unless they have changed after ``newest``."""
    stream, source = work.stream, work.run.source
    mirror = stream.mirror.name
    about = {"source": source, "sids": list(sids), "batch": newest}
    with unhurried():
        write(LOCK)
        stage_for(stream)
        write(GOING.format(mirror=mirror), about)
        gone = read("SELECT sid, ver, hash FROM stage_gone")
        write(ENDED.format(mirror=mirror, erased=erased_columns(stream)))
        work.carry(Merged(gone=True), {"source": source, "stream": stream.name})
        _uncount(source, stream.name, gone)
        ((batch,),) = read("SELECT nextval('sync_batch_id_seq')")
        work.run.book(batch, {"in": len(gone), "deleted": len(gone)})
        work.run.move(None)
        reached("deleted")
    return len(gone)


def _uncount(source: str, stream: str, gone: Sequence[Any]) -> None:
    sums = Sums()
    hashes = b"".join([bytes(row.hash) for row in gone])
    sums.add([row.sid for row in gone], [row.ver for row in gone], hashes, -1)
    sums.store(source, stream)
