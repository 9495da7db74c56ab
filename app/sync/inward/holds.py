"""Deletions that were held: decided by a named person, carried out by the next who reads."""

from collections.abc import Mapping
from uuid import UUID

from app.database import read, write
from app.privacy import audit
from app.sync.connectors.protocol import Offer
from app.sync.contract.stream import Stream
from app.sync.inward.books import open_run
from app.sync.inward.deletion import delete_absent
from app.sync.inward.needs import Needs
from app.sync.inward.page import PageWork
from app.sync.inward.unhurried import unhurried

# While a reader is at the source it would be overtaken by this: it comes when that is done.
APPROVED = """
SELECT id, source, stream, run_id, decided_by FROM sync_hold h
WHERE status = 'approved' AND NOT EXISTS (SELECT FROM sync_source s
  WHERE s.source = h.source AND s.reader_until > now()) ORDER BY id
"""
HELD_KEYS = """
SELECT t.sid, t.ver FROM sync_held_key k JOIN {mirror} t ON t.source = %(source)s AND t.sid = k.sid
WHERE k.hold_id = %(hold)s AND t.deleted_at IS NULL AND t.ver = k.ver AND t.last_batch <= %(batch)s
"""
NEWEST_THEN = """
SELECT coalesce(max(id), 0) AS batch FROM sync_batch
WHERE source = %(source)s AND stream = %(stream)s AND run_id <= %(run)s
"""
DONE = """
WITH done AS (UPDATE sync_hold SET status = 'done' WHERE id = %(hold)s RETURNING id)
DELETE FROM sync_held_key k USING done WHERE k.hold_id = done.id
"""


def carry_out_approved(streams: Mapping[str, Stream]) -> int:
    """Delete what was approved, as far as it has not changed since; return how many records."""
    deleted = 0
    for hold in read(APPROVED):
        if hold.stream in streams:
            deleted += _carry_out(hold.id, hold, streams)
    return deleted


def _carry_out(key: UUID, hold: object, streams: Mapping[str, Stream]) -> int:
    about = {name: getattr(hold, name) for name in ("source", "stream", "run_id", "decided_by")}
    stream = streams[about["stream"]]
    run = open_run(about["source"], Offer(stream.name), "deletion")
    work = PageWork.of(run, stream, Needs(streams))
    of_it = {"source": about["source"], "stream": stream.name, "run": about["run_id"]}
    ((newest,),) = read(NEWEST_THEN, of_it)
    names = {"source": about["source"], "hold": key, "batch": newest}
    deleted, status = 0, "failed"
    try:
        deleted = delete_absent(work, HELD_KEYS.format(mirror=stream.mirror.name), names)
        with unhurried():
            write(DONE, {"hold": key})
            about_deed = {"stream": stream.name, "deleted": deleted}
            audit(about["decided_by"], "sync.hold.carried_out", "sync_hold", key, **about_deed)
        status = "done"
    finally:
        run.close(status, "deletions that were approved")
    return deleted
