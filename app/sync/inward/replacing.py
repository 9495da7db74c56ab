"""Putting what came in the place of what was: the mirror's rows, tombstones, and what went."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.database import write
from app.sync.contract.records import GONE
from app.sync.contract.stream import Stream
from app.sync.inward.buckets import Sums
from app.sync.inward.points import reached
from app.sync.inward.prepared import Prepared
from app.sync.inward.rows import row_columns

BEFORE = """
INSERT INTO stage_gone SELECT t.* FROM {mirror} t
WHERE t.source = %(source)s AND t.sid = ANY(%(sids)s) AND t.deleted_at IS NULL
"""
RENAMED = """
INSERT INTO stage_gone SELECT t.* FROM {mirror} t JOIN stage_rows n ON t.sid = n.sid
WHERE t.source = %(source)s AND t.deleted_at IS NULL
  AND EXISTS (SELECT FROM (SELECT t.*) s, LATERAL (SELECT {keys}) a(k),
              (SELECT n.*) o, LATERAL (SELECT {new_keys}) b(k) WHERE a.k IS DISTINCT FROM b.k)
"""
TOMBSTONES = """
INSERT INTO {mirror} AS t (source, sid, ver, hash, first_batch, last_batch, deleted_at, deleted_by)
SELECT %(source)s, sid, ver, %(gone)s, %(batch)s, %(batch)s, now(), 'source'
FROM unnest(%(sids)s::text[], %(vers)s::bigint[]) AS d(sid, ver) ORDER BY sid
ON CONFLICT (source, sid) DO UPDATE SET ver = excluded.ver, hash = excluded.hash,
  last_batch = excluded.last_batch, deleted_at = now(), deleted_by = 'source',
  waits_for = NULL{erased}
WHERE (excluded.ver, excluded.hash) > (t.ver, t.hash)
"""


@dataclass(slots=True)
class Merged:
    """What a merge did: counts of outcomes, what has a code that was taken (its key, and its
    place on the page), versions that were reused.

    ``arrived``: something lies in ``stage_rows``; ``gone``: in ``stage_gone``. ``buried``: keys of
    which the source said that they are gone, with the version that said so. ``sums``: what changes
    in the buckets.
    """

    counts: Counter[str] = field(default_factory=Counter)
    taken: Mapping[str, int] = field(default_factory=dict)
    reused: Sequence[str] = ()
    arrived: bool = False
    gone: bool = False
    buried: Sequence[tuple[str, int]] = ()
    sums: Sums = field(default_factory=Sums)


def stage_for(stream: Stream) -> None:
    """Make the tables of what comes and of what goes, for as long as the transaction lasts."""
    for name in ("stage_rows", "stage_gone"):
        write(f"CREATE TEMP TABLE {name} (LIKE {stream.mirror.name}) ON COMMIT DROP")


def replace(stream: Stream, page: Prepared, merged: Merged, going: Sequence[Any]) -> None:
    """Put what came in the place of what was, bury what is ``going``, and remember what went."""
    values: dict[str, object] = {"source": page.source, "batch": page.batch, "gone": GONE}
    mirror = stream.mirror.name
    merged.arrived = bool(merged.counts["inserted"] or merged.counts["updated"])
    if going:
        values |= {"sids": [row.sid for row in going], "vers": [row.ver for row in going]}
        merged.buried = [(row.sid, row.ver) for row in going]
        write(BEFORE.format(mirror=mirror), values)
        write(TOMBSTONES.format(mirror=mirror, erased=erased_columns(stream)), values)
    if merged.counts["updated"] and stream.project:
        keys, new = stream.project.keys(), stream.project.keys("o")
        old_row, new_row = f"ROW({', '.join(keys)})", f"ROW({', '.join(new)})"
        write(RENAMED.format(mirror=mirror, keys=old_row, new_keys=new_row), values)
    if merged.arrived:
        write(_upsert(stream))
    merged.gone = bool(merged.counts["deleted"] or merged.counts["updated"])
    reached("merged")


def erased_columns(stream: Stream) -> str:
    """Return what a tombstone forgets: everything personal; codes stay, they are never reused."""
    sealed = [f.column for f in stream.fields if f.sealed]
    sealed += [f"{f.name}_index" for f in stream.fields if f.index]
    return "".join(f", {name} = NULL" for name in sealed)


def _upsert(stream: Stream) -> str:
    names = ["ver", "hash", *stream.stored_columns(), "last_batch"]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names)
    every = ", ".join(row_columns(stream))
    # The guard in WHERE repeats the verdict: it holds even if the lock above were ever lost.
    return (
        f"INSERT INTO {stream.mirror.name} AS t ({every}) "
        f"SELECT {every} FROM stage_rows ORDER BY source, sid "
        f"ON CONFLICT (source, sid) DO UPDATE SET {changes}, "
        "waits_for = NULL, deleted_at = NULL, deleted_by = NULL "
        "WHERE (excluded.ver, excluded.hash) > (t.ver, t.hash) OR t.deleted_by = 'absence'"
    )
