"""Reading the books of the exchange, a page at a time."""

from typing import Any

from app.database import Cursor, Page, read

NEWEST = 2**62
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

# The pace is that of this run; ``rows_in`` also counts what runs that died read of the same.
RUNS = """
SELECT r.*, p.pace AS rows_per_second,
  CASE WHEN r.status = 'running' AND r.rows_expected IS NOT NULL AND p.pace > 0
    THEN ceil(greatest(r.rows_expected - r.rows_in, 0)::numeric / p.pace)::bigint
  END AS seconds_left
FROM (
  SELECT id, source, stream, kind, started_at, ended_at, seen_at, status, message, rows_in,
    rows_expected, complete
  FROM sync_run WHERE id < %(before)s AND (%(stream)s::text IS NULL OR stream = %(stream)s)
  ORDER BY id DESC LIMIT %(limit)s) r
CROSS JOIN LATERAL (
  SELECT round(sum(b.n_in) / greatest(extract(epoch FROM max(b.at) - r.started_at), 0.001))::bigint
    AS pace
  FROM sync_batch b WHERE b.run_id = r.id) p
ORDER BY r.id DESC
"""
BATCHES = """
SELECT id, run_id, source, stream, at, n_in, n_inserted, n_updated, n_deleted, n_same, n_stale,
  n_duplicate, n_suppressed, n_bad, n_waiting, n_home
FROM sync_batch WHERE id < %(before)s AND (%(stream)s::text IS NULL OR stream = %(stream)s)
ORDER BY id DESC LIMIT %(limit)s
"""
QUARANTINE = """
SELECT source, stream, digest, code, field, first_seen, last_seen, times, status
FROM sync_quarantine
WHERE (source, stream, digest) > (%(source)s, %(stream)s, %(digest)s)
  AND (%(status)s::text IS NULL OR status = %(status)s)
ORDER BY source, stream, digest LIMIT %(limit)s
"""
HOLDS = """
SELECT id, source, stream, made_at, n_missing, n_live, status, decided_by, decided_at
FROM sync_hold WHERE id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""
DRIFT = """
SELECT id, source, stream, kind, subject, detail, first_seen, last_seen, times
FROM sync_drift WHERE id < %(before)s ORDER BY id DESC LIMIT %(limit)s
"""


def runs(cursor: str | None, limit: int, stream: str | None) -> Page[Any]:
    """Return readings, the newest first."""
    return _newest("runs", RUNS, cursor, limit, stream=stream)


def batches(cursor: str | None, limit: int, stream: str | None) -> Page[Any]:
    """Return committed pages, the newest first."""
    return _newest("batches", BATCHES, cursor, limit, stream=stream)


def drift(cursor: str | None, limit: int) -> Page[Any]:
    """Return drift notes, the newest first."""
    return _newest("drift", DRIFT, cursor, limit)


def holds(cursor: str | None, limit: int) -> Page[Any]:
    """Return held deletions, the newest first."""
    after = Cursor.read("holds", cursor, [str]) or [LAST_ID]
    rows = read(HOLDS, {"before": after[0], "limit": limit + 1})
    return Cursor.page("holds", rows, limit, lambda row: [str(row.id)])


def quarantine(cursor: str | None, limit: int, status: str | None) -> Page[Any]:
    """Return quarantined rows, by source and stream."""
    after = Cursor.read("quarantine", cursor, [str, str, str]) or ["", "", ""]
    keys = dict(zip(("source", "stream", "digest"), after, strict=True))
    rows = read(QUARANTINE, {**keys, "status": status, "limit": limit + 1})
    return Cursor.page("quarantine", rows, limit, lambda row: [row.source, row.stream, row.digest])


def _newest(name: str, sql: str, cursor: str | None, limit: int, **where: object) -> Page[Any]:
    after = Cursor.read(name, cursor, [int]) or [NEWEST]
    rows = read(sql, {**where, "before": after[0], "limit": limit + 1})
    return Cursor.page(name, rows, limit, lambda row: [row.id])
