"""What differs between a source's keys and the mirror, each with the reason if we know one.

The keys of the source lie in ``sync_seen`` while both are compared, so that a million of them
cost no memory here; they are told apart by a number drawn from those of the runs.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from app.database import read, write
from app.privacy import vault
from app.sync.connectors.protocol import SourceRefused
from app.sync.contract.stream import Stream
from app.sync.inward.buckets import BUCKET_SQL, VERSION_SQL
from app.sync.inward.page import suppressed_keys
from app.sync.inward.seen import demand, keep
from app.sync.inward.tuples import WHOLE, laid
from app.sync.inward.unhurried import unhurried
from app.sync.reconcile.look import MOST, Difference, Kind, Look

LONGEST_KEY = 1000
BEYOND = 2**63  # what a bigint does not hold

WITHIN = f" AND {BUCKET_SQL} = ANY(%(buckets)s::int[])"
THEIRS = """
SELECT DISTINCT ON (sid) sid, ver, hash FROM sync_seen WHERE run_id = %(look)s{within}
ORDER BY sid, ver DESC, hash DESC NULLS LAST
"""
OURS = """
SELECT sid, ver, hash FROM {mirror} WHERE source = %(source)s AND deleted_at IS NULL{within}
"""
DIFFERENT = """
CREATE TEMP TABLE stage_different ON COMMIT DROP AS
SELECT coalesce(t.sid, o.sid) AS sid, t.ver AS there, o.ver AS here,
  coalesce(t.sid, o.sid) = ANY(%(excused)s::text[]) OR EXISTS (
    SELECT FROM sync_quarantine q WHERE q.source = %(source)s AND q.stream = %(stream)s
    AND q.sid = t.sid AND q.status = 'open') AS aside
FROM ({theirs}) t FULL JOIN ({ours}) o ON o.sid = t.sid
WHERE t.sid IS NULL OR o.sid IS NULL OR t.ver <> o.ver OR t.hash <> o.hash
"""
COUNTED = """
SELECT count(*) FILTER (WHERE aside)::int AS quarantined,
  count(*) FILTER (WHERE NOT aside AND here IS NULL)::int AS missing,
  count(*) FILTER (WHERE NOT aside AND there IS NULL)::int AS extra,
  count(*) FILTER (WHERE NOT aside AND there IS NOT NULL AND here IS NOT NULL)::int AS differing
FROM stage_different
"""
NAMED = "SELECT sid, there, here, aside FROM stage_different ORDER BY sid LIMIT %(most)s"
SUMS = f"""
SELECT {BUCKET_SQL} AS bucket, count(*)::bigint AS n, sum({VERSION_SQL}) AS versions
FROM ({THEIRS.format(within=WITHIN)}) t GROUP BY 1
"""


def new_number() -> int:
    """Return a number under which keys can be kept, that no run has or will have."""
    ((number,),) = read("SELECT nextval('sync_run_id_seq')")
    return int(number)


def keep_keys(number: int, first: int, keys: Iterable[Sequence[Any]]) -> int:
    """Keep keys of a source (sid and version), counted from ``first``; return how many.

    Raises:
        SourceRefused: something among them is no key.
    """
    sids, vers = list[str](), list[int]()
    for place, (sid, ver) in enumerate(keys, start=first + 1):
        if not _is_key(sid, ver):
            raise SourceRefused("KEYS_MALFORMED", f"key {place} of the listing is no key")
        sids.append(sid)
        vers.append(ver)
    looks, places = np.full(len(sids), number, WHOLE), np.arange(len(sids), dtype=WHOLE) + first
    columns = [looks, places, pa.array(sids, pa.string()), np.array(vers, WHOLE)]
    return keep(("run_id", "ord", "sid", "ver"), [laid(columns)])


def sums_of_keys(number: int, buckets: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return what the kept keys come to, bucket by bucket, as the source should have counted."""
    with unhurried():
        rows = read(SUMS, {"look": number, "buckets": sorted(buckets)})
    return {row.bucket: (row.n, int(row.versions)) for row in rows}


def compare(source: str, stream: Stream, look: Look) -> Look:
    """Return the look with all that differs between the keys kept for it and the mirror.

    Raises:
        KeysLost: not all of them are there any more.
    """
    names = {"source": source, "stream": stream.name}
    within = "" if look.buckets is None else WITHIN
    about = {**names, "look": look.number, "excused": sorted(look.excused)}
    if look.buckets is not None:
        about["buckets"] = sorted(look.buckets)
    ours = OURS.format(mirror=stream.mirror.name, within=within)
    with unhurried():
        write(DIFFERENT.format(theirs=THEIRS.format(within=within), ours=ours), about)
        (counts,) = read(COUNTED)
        rows = read(NAMED, {"most": MOST})
        demand(look.number, look.kept)
        erased = suppressed_keys(names)
    different = {
        row.sid: Difference(row.sid, row.there, row.here, _kind(row, erased)) for row in rows
    }
    found = Counter({Kind(kind): n for kind, n in counts._asdict().items() if n})
    kept_out = sum(each.kind is Kind.SUPPRESSED for each in different.values())
    found.update({Kind.SUPPRESSED: kept_out, Kind.MISSING: -kept_out})
    return replace(look, counts=+found, different=different)


def _is_key(sid: object, ver: object) -> bool:
    if not isinstance(sid, str) or not 0 < len(sid) <= LONGEST_KEY or not sid.isprintable():
        return False
    return isinstance(ver, int) and not isinstance(ver, bool) and 0 <= ver < BEYOND


def _kind(row: Any, erased: frozenset[bytes]) -> Kind:
    if row.aside:
        return Kind.QUARANTINED
    if row.here is None:
        gone = bool(erased) and vault.index("sid", row.sid) in erased
        return Kind.SUPPRESSED if gone else Kind.MISSING
    return Kind.EXTRA if row.there is None else Kind.DIFFERING
