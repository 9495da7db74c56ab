"""Rows that are no records: sealed, named, counted, and read again after a fix."""

import json
from collections.abc import Mapping, Sequence

from app.database import read, write
from app.privacy import vault
from app.sync.contract.records import GONE, Reject
from app.sync.contract.stream import Stream
from app.sync.inward.replacing import Merged

# A row is no news if something newer of its key is here, or the word that it is gone. One that was
# closed stays so while what is here is no older than it: what feeds overlap is told again.
PUT = """
INSERT INTO sync_quarantine AS q (source, stream, digest, sid, ver, code, field, raw_sealed,
  first_seen, last_seen, times, status, closed_at)
SELECT %(source)s, %(stream)s, r.digest, r.sid, r.ver, r.code, r.field, r.raw, now(), now(),
  r.times, CASE WHEN t.sid IS NULL THEN 'open' ELSE 'superseded' END,
  CASE WHEN t.sid IS NOT NULL THEN now() END
FROM unnest(%(digest)s::text[], %(sid)s::text[], %(ver)s::bigint[], %(code)s::text[],
  %(field)s::text[], %(raw)s::bytea[], %(times)s::int[])
  AS r(digest, sid, ver, code, field, raw, times)
LEFT JOIN {mirror} t ON t.source = %(source)s AND t.sid = r.sid
  AND (t.ver > r.ver OR t.ver = r.ver AND t.hash = %(gone)s)
ORDER BY r.digest
ON CONFLICT (source, stream, digest) DO UPDATE SET times = q.times + excluded.times,
  last_seen = now(), sid = excluded.sid, ver = excluded.ver, code = excluded.code,
  field = excluded.field,
  (status, closed_at) = (
    SELECT CASE WHEN stays THEN q.status ELSE excluded.status END,
      CASE WHEN stays THEN q.closed_at ELSE excluded.closed_at END
    FROM (SELECT q.status = 'dismissed' OR q.status <> 'open' AND EXISTS (
      SELECT FROM {mirror} t WHERE t.source = q.source AND t.sid = excluded.sid
        AND t.ver >= excluded.ver) AS stays) closed)
"""
SUPERSEDE = """
UPDATE sync_quarantine q SET status = 'superseded', closed_at = now()
FROM {came} WHERE q.source = %(source)s AND q.stream = %(stream)s
  AND q.sid = s.sid AND q.sid <> '' AND q.status = 'open' AND coalesce(q.ver <= s.ver, true)
"""
BURIED = "unnest(%(sids)s::text[], %(vers)s::bigint[]) AS s(sid, ver)"
OPEN = """
SELECT FROM sync_quarantine
WHERE source = %(source)s AND stream = %(stream)s AND status = 'open' LIMIT 1
"""


def put_aside(source: str, stream: Stream, rejects: Sequence[Reject]) -> None:
    """Keep the rows, each once however often it comes, in the transaction of their page."""
    found: dict[str, tuple[Reject, int]] = {}
    for each in rejects:
        digest = vault.fingerprint(each.raw.encode("utf-8", "backslashreplace")).hex()
        found[digest] = (each, found.get(digest, (each, 0))[1] + 1)
    if not found:
        return
    rows = [each for each, _ in found.values()]
    place = "sync_quarantine.raw"
    write(
        PUT.format(mirror=stream.mirror.name),
        {
            "source": source,
            "stream": stream.name,
            "gone": GONE,
            "digest": list(found),
            "sid": [each.sid.replace("\0", "")[:128] for each in rows],
            "ver": [each.ver for each in rows],
            "code": [each.code for each in rows],
            "field": [each.field for each in rows],
            "raw": [
                vault.seal(place, digest, each.raw.encode("utf-8", "backslashreplace").decode())
                for digest, (each, _) in found.items()
            ],
            "times": [times for _, times in found.values()],
        },
    )


def any_open(source: str, stream: str) -> bool:
    """Tell whether anything of the stream lies aside."""
    return bool(read(OPEN, {"source": source, "stream": stream}))


def supersede(names: Mapping[str, object], merged: Merged) -> None:
    """Close what was put aside of keys of which something newer has come, or as new and sound."""
    if merged.arrived:
        write(SUPERSEDE.format(came="stage_rows s"), names)
    if merged.buried:
        sids, vers = zip(*merged.buried, strict=True)
        values = {**names, "sids": list(sids), "vers": list(vers)}
        write(SUPERSEDE.format(came=BURIED), values)


def as_a_row(names: Sequence[str], values: Sequence[str | None]) -> str:
    """Return a record as a row, for a fault that shows only beside the others."""
    return json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)
