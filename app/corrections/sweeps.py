"""What becomes of corrections by itself: records that say what was asked, limits that ran out."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from app.corrections import queries
from app.corrections.models import Correction
from app.database import read, transaction, write
from app.privacy import audit, vault
from app.sync import Event, Stream, tell
from app.worker import Sweep, claim, deal_with_each, finish

BATCH = 200
LEASE = timedelta(seconds=30)

# Only records that changed after they were asked about can say something else now; a page whose
# transaction began before that may have been committed after it.
CHANGED = """
SELECT c.id, c.wanted_sealed, c.field, t.* FROM correction c
JOIN {mirror} t ON t.source = c.source AND t.sid = c.sid
JOIN sync_batch b ON b.id = t.last_batch AND b.at > c.asked_at - interval '1 hour'
WHERE c.state = 'asked' AND c.stream = %(stream)s AND t.deleted_at IS NULL
  AND c.id > %(after)s ORDER BY c.id LIMIT %(batch)s
"""
CORRECTED = """
UPDATE correction SET state = 'corrected', answered_at = now(), due_at = NULL, lease_until = NULL
WHERE id = %(id)s AND state = 'asked' RETURNING id
"""
STILL_ASKED = "SELECT id FROM correction WHERE id = %(id)s AND state = 'asked' FOR UPDATE"


def correction_sweeps(streams: Callable[[], Sequence[Stream]]) -> tuple[Sweep, ...]:
    """Return the sweeps over the streams that the features brought."""
    return (
        Sweep("corrections", lambda: sum(_close_corrected(each) for each in streams()), every=60),
        Sweep("overdue corrections", _tell_overdue, every=60),
    )


def _close_corrected(stream: Stream) -> int:
    """Close the tickets whose record says by now what was asked for."""
    fields = {field.name: field for field in stream.fields}
    sql, after, closed = CHANGED.format(mirror=stream.mirror.name), queries.NOBODY, 0
    while rows := read(sql, {"stream": stream.name, "after": after, "batch": BATCH}):
        after = rows[-1].id
        for row in rows:
            wanted = vault.opened(queries.WANTED, row.id, row.wanted_sealed)
            if wanted is not None and queries.value_of(stream, fields[row.field], row) == wanted:
                with transaction():
                    if write(CORRECTED, {"id": row.id}):
                        audit(None, "correction-corrected", "correction", row.id)
                        closed += 1
    return 0 if closed < BATCH else 1


def _tell_overdue() -> int:
    taken = claim(Correction, limit=BATCH, lease=LEASE)
    return deal_with_each(taken, _overdue)


def _overdue(ticket: Correction) -> None:
    """Say once that nobody answered in time; the ticket stays open."""
    with transaction():
        if not read(STILL_ASKED, {"id": ticket.id}):  # answered since it was claimed
            return
        facts = {"stream": ticket.stream, "field": ticket.field, "limit": ticket.limit_at}
        tell(Event("correction-overdue", "correction", ticket.id, facts))
        audit(None, "correction-overdue", "correction", ticket.id)
        finish(ticket, overdue_at=ticket.due_at)
