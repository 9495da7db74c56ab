"""What differs between a source's keys and the mirror, each with the reason if we know one.

The keys of the source lie in ``sync_seen`` while both are compared, so that a million of them
cost no memory here; they are told apart by a number drawn from those of the runs. They lie there
as the contract reads them, and as they were told where that is otherwise: a source counts and is
asked by its own spelling, and a record is found here by ours.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from app.database import read, write
from app.privacy import vault
from app.sync.connectors.protocol import SourceRefused
from app.sync.contract.stream import Stream, key_as_read
from app.sync.inward.buckets import BUCKET_SQL, VERSION_SQL
from app.sync.inward.page import suppressed_keys
from app.sync.inward.seen import demand, keep
from app.sync.inward.tuples import WHOLE, laid
from app.sync.inward.unhurried import unhurried
from app.sync.reconcile.look import MOST, Difference, Kind, Look

LONGEST_KEY = 1000
BEYOND = 2**63  # what a bigint does not hold

WITHIN = f" AND {BUCKET_SQL} = ANY(%(buckets)s::int[])"
TOLD = """(
  SELECT coalesce(told, sid) AS sid, sid AS ours, ver, hash FROM sync_seen WHERE run_id = %(look)s
) told"""
THEIRS = f"""
SELECT DISTINCT ON (ours) ours AS sid, sid AS told, ver, hash FROM {TOLD} WHERE true{{within}}
ORDER BY ours, ver DESC, hash DESC NULLS LAST
"""
OURS = """
SELECT sid, ver, hash FROM {mirror} WHERE source = %(source)s AND deleted_at IS NULL{within}
"""
# What is spelled otherwise there is counted there in a bucket that ours does not lie in.
ELSEWHERE = f"""
AND {BUCKET_SQL} <> ALL(%(buckets)s::int[]) AND sid IN (SELECT sid FROM theirs WHERE told <> sid)
"""
DIFFERENT = """
CREATE TEMP TABLE stage_different ON COMMIT DROP AS
WITH theirs AS ({theirs})
SELECT coalesce(t.sid, o.sid) AS sid, t.told, t.ver AS there, o.ver AS here,
  coalesce(t.sid, o.sid) = ANY(%(excused)s::text[]) OR EXISTS (
    SELECT FROM sync_quarantine q WHERE q.source = %(source)s AND q.stream = %(stream)s
    AND q.sid = t.sid AND (q.status = 'open' OR q.status = 'dismissed'
      AND coalesce(q.ver >= t.ver, o.sid IS NULL))) AS aside
FROM theirs t FULL JOIN ({ours}) o ON o.sid = t.sid
WHERE t.sid IS NULL OR o.sid IS NULL OR t.ver <> o.ver OR t.hash <> o.hash
"""
COUNTED = """
SELECT count(*) FILTER (WHERE aside)::int AS quarantined,
  count(*) FILTER (WHERE NOT aside AND here IS NULL)::int AS missing,
  count(*) FILTER (WHERE NOT aside AND there IS NULL)::int AS extra,
  count(*) FILTER (WHERE NOT aside AND there IS NOT NULL AND here IS NOT NULL)::int AS differing
FROM stage_different
"""
NAMED = "SELECT sid, told, there, here, aside FROM stage_different ORDER BY sid LIMIT %(most)s"
SUMS = f"""
SELECT {BUCKET_SQL} AS bucket, count(*)::bigint AS n, sum({VERSION_SQL}) AS versions
FROM (SELECT DISTINCT ON (sid) sid, ver FROM {TOLD} WHERE true{WITHIN} ORDER BY sid, ver DESC) t
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many keys were kept; of them, how many are told otherwise, or are none to the contract.

    A key that is told otherwise has blanks around it that the contract does not read.
    """

    keys: int = 0
    respelled: int = 0
    keyless: int = 0

    def __add__(self, more: "Kept") -> "Kept":
        """Return both together."""
        respelled, keyless = self.respelled + more.respelled, self.keyless + more.keyless
        return Kept(self.keys + more.keys, respelled, keyless)


def new_number() -> int:
    """Return a number under which keys can be kept, that no run has or will have."""
    ((number,),) = read("SELECT nextval('sync_run_id_seq')")
    return int(number)


def keep_keys(number: int, first: int, keys: Iterable[Sequence[Any]]) -> Kept:
    """Keep keys of a source (sid and version), counted from ``first``; return what they were.

    Raises:
        SourceRefused: something among them is no key.
    """
    sids, vers, told, keyless = list[str](), list[int](), list[str | None](), 0
    for place, (sid, ver) in enumerate(keys, start=first + 1):
        formed = _is_key(sid, ver)
        ours = key_as_read(sid) if formed else None
        if not formed or not (ours or sid.isprintable()):
            raise SourceRefused("KEYS_MALFORMED", f"key {place} of the listing is no key")
        keyless += ours is None
        sids.append(ours or sid)
        vers.append(ver)
        told.append(sid if ours and ours != sid else None)
    looks, places = np.full(len(sids), number, WHOLE), np.arange(len(sids), dtype=WHOLE) + first
    texts = [pa.array(each, pa.string()) for each in (sids, told)]
    columns = [looks, places, *texts, np.array(vers, WHOLE)]
    kept = keep(("run_id", "ord", "sid", "told", "ver"), [laid(columns)])
    return Kept(kept, sum(each is not None for each in told), keyless)


def sums_of_keys(number: int, buckets: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return what the kept keys come to as they were told, by bucket: what should be counted."""
    with unhurried():
        rows = read(SUMS, {"look": number, "buckets": sorted(buckets)})
    return {row.bucket: (row.n, int(row.versions)) for row in rows}


def compare(source: str, stream: Stream, look: Look) -> Look:
    """Return the look with all that differs between the keys kept for it and the mirror.

    Raises:
        KeysLost: not all of them are there any more.
    """
    names = {"source": source, "stream": stream.name}
    within, ours = "", OURS.format(mirror=stream.mirror.name, within="")
    about = {**names, "look": look.number, "excused": sorted(look.excused)}
    if look.buckets is not None:
        within, ours = WITHIN, f"{ours}{WITHIN} UNION ALL {ours}{ELSEWHERE}"
        about["buckets"] = sorted(look.buckets)
    with unhurried():
        write(DIFFERENT.format(theirs=THEIRS.format(within=within), ours=ours), about)
        (counts,) = read(COUNTED)
        rows = read(NAMED, {"most": MOST})
        demand(look.number, look.kept)
        erased = suppressed_keys(names)
    different = {
        row.sid: Difference(row.sid, row.there, row.here, _kind(row, erased), row.told)
        for row in rows
    }
    found = Counter({Kind(kind): n for kind, n in counts._asdict().items() if n})
    for row in rows:
        if different[row.sid].kind is Kind.SUPPRESSED:
            found.update({Kind.SUPPRESSED: 1, _kind(row, frozenset()): -1})
    return replace(look, counts=+found, different=different)


def _is_key(sid: object, ver: object) -> bool:
    if not isinstance(sid, str) or not 0 < len(sid) <= LONGEST_KEY:
        return False
    return isinstance(ver, int) and not isinstance(ver, bool) and 0 <= ver < BEYOND


def _kind(row: Any, erased: frozenset[bytes]) -> Kind:
    if row.here is None and erased and vault.index("sid", row.sid) in erased:
        return Kind.SUPPRESSED
    if row.aside:
        return Kind.QUARANTINED
    if row.here is None:
        return Kind.MISSING
    return Kind.EXTRA if row.there is None else Kind.DIFFERING
