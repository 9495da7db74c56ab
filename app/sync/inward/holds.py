"""Deletions that were held: decided by a named person, carried out by the next who reads."""

import logging
from collections.abc import Mapping
from typing import Any

from app.database import db, read, write
from app.privacy import audit
from app.sync.connectors.protocol import Offer
from app.sync.contract.stream import Stream
from app.sync.inward.books import Overtaken, open_run
from app.sync.inward.deletion import delete_absent
from app.sync.inward.needs import Needs
from app.sync.inward.page import PageWork
from app.sync.inward.unhurried import unhurried

# While a reader is at the source it would be overtaken by this: it comes when that is done. And of
# a complete list that is half read, nobody reads those pages again that have somebody.
APPROVED = """
SELECT id, source, stream, run_id, decided_by FROM sync_hold h
WHERE status = 'approved' AND NOT EXISTS (SELECT FROM sync_source s
  WHERE s.source = h.source AND s.reader_until > now())
AND NOT EXISTS (SELECT FROM (
    SELECT complete, rows_in, status FROM sync_run r
    WHERE r.source = h.source AND r.stream = h.stream AND r.kind = 'reading'
    ORDER BY r.id DESC LIMIT 1) last
  WHERE last.complete AND last.rows_in > 0 AND last.status NOT IN ('done', 'held'))
ORDER BY id
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
UPDATE sync_hold SET status = 'done' WHERE id = %(hold)s AND status = 'approved' RETURNING id
"""
FORGET_KEYS = "DELETE FROM sync_held_key WHERE hold_id = %(hold)s"

log = logging.getLogger("linli.sync")


class NotCarriedOut(Exception):
    """Approved deletions that failed, by their names; the others are done, and are ``deleted``."""

    def __init__(self, deleted: int, faults: Mapping[str, Exception]) -> None:
        super().__init__(deleted, faults)
        self.deleted, self.faults = deleted, faults

    def __str__(self) -> str:
        """Say which, and why as far as that is nobody's secret."""
        each = [f"{name} ({type(fault).__name__})" for name, fault in self.faults.items()]
        return f"not carried out: {', '.join(each)}"


def carry_out_approved(streams: Mapping[str, Stream]) -> int:
    """Delete what was approved, as far as it has not changed since; return how many records.

    Raises:
        NotCarriedOut: some of it failed, and stays approved; all else was carried out.
    """
    deleted, faults = 0, dict[str, Exception]()
    for hold in read(APPROVED):
        if hold.stream not in streams:
            continue
        try:
            deleted += _carry_out(hold, streams)
        except Overtaken as fault:
            log.info("the approved deletions %s wait: somebody else reads the stream", hold.id)
            faults[str(hold.id)] = fault
        except Exception as fault:  # noqa: BLE001  the others need not wait for it
            log.error("the approved deletions %s failed: %s", hold.id, type(fault).__name__)
            faults[str(hold.id)] = fault
            db.session.remove()
    if faults:
        raise NotCarriedOut(deleted, faults)
    return deleted


def newest_then(hold: Any) -> int:
    """Return the number of the newest page of its stream that a hold may judge."""
    about = {"source": hold.source, "stream": hold.stream, "run": hold.run_id}
    ((newest,),) = read(NEWEST_THEN, about)
    return int(newest)


def _carry_out(hold: Any, streams: Mapping[str, Stream]) -> int:
    stream = streams[hold.stream]
    run = open_run(hold.source, Offer(stream.name), "deletion")
    work = PageWork.of(run, stream, Needs(streams))
    names = {"source": hold.source, "hold": hold.id, "batch": newest_then(hold)}
    deleted, status = 0, "failed"
    try:
        deleted = delete_absent(work, HELD_KEYS.format(mirror=stream.mirror.name), names)
        with unhurried():
            run.move(None)  # who was overtaken decides nothing any more
            if write(DONE, {"hold": hold.id}):  # else it lapsed before the stream was taken over
                write(FORGET_KEYS, {"hold": hold.id})
                about_deed = {"stream": stream.name, "deleted": deleted}
                audit(hold.decided_by, "sync.hold.carried_out", "sync_hold", hold.id, **about_deed)
        status = "done"
    finally:
        run.close(status, "deletions that were approved")
    return deleted
