"""Rows that are no records: sealed, named, counted, and read again after a fix."""

import json
from collections.abc import Sequence

from app.database import read, write
from app.privacy import vault
from app.sync.contract.records import Reject

PUT = """
INSERT INTO sync_quarantine AS q (source, stream, digest, sid, code, field, raw_sealed,
  first_seen, last_seen, times)
SELECT %(source)s, %(stream)s, r.digest, r.sid, r.code, r.field, r.raw, now(), now(), r.times
FROM unnest(%(digest)s::text[], %(sid)s::text[], %(code)s::text[], %(field)s::text[],
  %(raw)s::bytea[], %(times)s::int[]) AS r(digest, sid, code, field, raw, times)
ORDER BY r.digest
ON CONFLICT (source, stream, digest) DO UPDATE SET times = q.times + excluded.times,
  last_seen = now(), code = excluded.code, field = excluded.field,
  status = CASE q.status WHEN 'dismissed' THEN 'dismissed' ELSE 'open' END
"""
SUPERSEDE = """
UPDATE sync_quarantine q SET status = 'superseded', closed_at = now()
FROM stage_rows s WHERE q.source = %(source)s AND q.stream = %(stream)s
  AND q.sid = s.sid AND q.sid <> '' AND q.status = 'open'
"""

OPEN = """
SELECT FROM sync_quarantine
WHERE source = %(source)s AND stream = %(stream)s AND status = 'open' LIMIT 1
"""


def put_aside(source: str, stream: str, rejects: Sequence[Reject]) -> None:
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
        PUT,
        {
            "source": source,
            "stream": stream,
            "digest": list(found),
            "sid": [each.sid.replace("\0", "")[:128] for each in rows],
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


def supersede(source: str, stream: str) -> None:
    """Close what was put aside of the keys that came in good order now (in ``stage_rows``)."""
    write(SUPERSEDE, {"source": source, "stream": stream})


def reject_of(sid: str, code: str, names: Sequence[str], values: Sequence[str | None]) -> Reject:
    """Return a record as a reject, for a fault that shows only beside the others."""
    raw = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False)
    return Reject(sid, code, names[0] if len(names) == 1 else "", raw)
