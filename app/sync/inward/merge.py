"""The merge of one page, set-based: which records are new, and putting those into the mirror.

``(ver, hash)`` is a total order, so that replayed, repeated and reordered pages converge. An
unchanged record costs neither a lock nor a cipher: keys are compared first, and only what changed
is sealed and sent in full. (A blind upsert of unchanged rows writes 281 MB of WAL a million rows
even when its WHERE changes none: measured.) Where nothing at all lives between a page's first and
last key, as in every page of a first load in order, the rows go into the mirror directly.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.compute as pc

from app.database import read, write
from app.database.bulk import copy_in
from app.privacy import vault
from app.sync.contract.columns import GONE, Records
from app.sync.contract.stream import Stream
from app.sync.inward.buckets import Sums
from app.sync.inward.points import reached
from app.sync.inward.prepared import Prepared
from app.sync.inward.rows import KEY_COLUMNS, row_columns, rows_text

KEYS = """
CREATE TEMP TABLE stage_keys (ord int NOT NULL, sid text NOT NULL, ver bigint NOT NULL,
  hash bytea NOT NULL, gone boolean NOT NULL) ON COMMIT DROP
"""
JUDGED = """
CREATE TEMP TABLE stage_judged ON COMMIT DROP AS
WITH newest AS (SELECT ord, sid, ver, hash, gone, {place} AS place FROM stage_keys)
SELECT n.ord, n.sid, n.ver, n.gone, t.ver AS old_ver, t.hash AS old_hash,
  t.sid IS NOT NULL AND t.deleted_at IS NULL AS live, t.sid IS NOT NULL AS known,
  CASE WHEN n.place > 1 THEN 'duplicate'
    WHEN t.sid IS NOT NULL AND (n.ver, n.hash) < (t.ver, t.hash) THEN 'stale'
    WHEN t.deleted_by = 'absence' AND NOT n.gone THEN 'updated'
    WHEN (n.ver, n.hash) = (t.ver, t.hash) THEN 'same'
    WHEN n.gone THEN 'deleted'
    WHEN t.sid IS NULL THEN 'inserted'
    ELSE 'updated' END AS verdict
FROM {compared}
"""
# A page that is a stretch of the mirror, in order, is compared with that stretch; any other looks
# up each key, in the order of the index. Left to itself the planner, which has not seen the page,
# reads the whole mirror for it: 10 million rows for 50,000.
STRETCH = """newest n LEFT JOIN (
    SELECT sid, ver, hash, deleted_at, deleted_by FROM {mirror} WHERE source = %(source)s
      AND sid BETWEEN (SELECT min(sid) FROM stage_keys) AND (SELECT max(sid) FROM stage_keys)
  ) t ON t.sid = n.sid AND n.place = 1"""
ONE_BY_ONE = """(SELECT * FROM newest ORDER BY sid) n
  LEFT JOIN {mirror} t ON t.source = %(source)s AND t.sid = n.sid AND n.place = 1"""
LOOK_UP = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
AS_BEFORE = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"
NEWEST = "row_number() OVER (PARTITION BY sid ORDER BY ver DESC, hash DESC, ord)"
NEWS = "SELECT * FROM stage_judged WHERE verdict <> 'same'"
TAKEN_CODES = """
SELECT s.sid FROM stage_rows s WHERE EXISTS (
    SELECT FROM {mirror} t WHERE t.{unique} = s.{unique} AND (t.source, t.sid) <> (s.source, s.sid))
  OR EXISTS (SELECT FROM stage_rows r WHERE r.{unique} = s.{unique} AND r.sid < s.sid)
"""
BEFORE = """
INSERT INTO stage_gone SELECT t.* FROM {mirror} t JOIN stage_judged j ON t.sid = j.sid
WHERE t.source = %(source)s AND j.live AND t.waits_for IS NULL AND j.verdict = 'deleted'
"""
RENAMED = """
INSERT INTO stage_gone SELECT t.* FROM {mirror} t JOIN stage_rows n ON t.sid = n.sid
WHERE t.source = %(source)s AND t.deleted_at IS NULL AND t.waits_for IS NULL
  AND EXISTS (SELECT FROM (SELECT t.*) s, LATERAL (SELECT {keys}) a(k),
              (SELECT n.*) o, LATERAL (SELECT {new_keys}) b(k) WHERE a.k IS DISTINCT FROM b.k)
"""
TOMBSTONES = """
INSERT INTO {mirror} AS t (source, sid, ver, hash, first_batch, last_batch, deleted_at, deleted_by)
SELECT %(source)s, sid, ver, %(gone)s, %(batch)s, %(batch)s, now(), 'source'
FROM stage_judged WHERE verdict = 'deleted' ORDER BY sid
ON CONFLICT (source, sid) DO UPDATE SET ver = excluded.ver, hash = excluded.hash,
  last_batch = excluded.last_batch, deleted_at = now(), deleted_by = 'source',
  waits_for = NULL{erased}
WHERE (excluded.ver, excluded.hash) > (t.ver, t.hash)
"""


@dataclass(slots=True)
class Merged:
    """What a merge did: counts of outcomes, codes that were taken, versions that were reused."""

    counts: Counter[str] = field(default_factory=Counter)
    taken: Sequence[str] = ()
    reused: Sequence[str] = ()
    arrived: bool = False
    gone: bool = False


def merge(stream: Stream, page: Prepared, suppressed: frozenset[bytes], dense: bool) -> Merged:
    """Merge a page into the mirror, in the transaction of the page.

    ``dense``: the page is part of a complete reading, so that its keys may lie close together.

    What came or changed is left in ``stage_rows``, what went in ``stage_gone``.
    """
    for name in ("stage_rows", "stage_gone"):
        write(f"CREATE TEMP TABLE {name} (LIKE {stream.mirror.name}) ON COMMIT DROP")
    if not len(page.records):
        return Merged()
    if not suppressed and _fresh_ground(stream, page):
        return _laid(stream, page)
    return _compared(stream, page, suppressed, dense)


def _fresh_ground(stream: Stream, page: Prepared) -> bool:
    """Tell whether nothing lives between the first and the last key of a page in order.

    It takes a server that orders text by bytes, as we do here.
    """
    records = page.records
    if stream.unique or not page.distinct or records.gone.any():
        return False
    ends = pc.min_max(records.sid).as_py()
    free = read(
        "SELECT FROM pg_database WHERE datname = current_database()"
        " AND datlocprovider IN ('c', 'b') AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')"
        f" AND NOT EXISTS (SELECT FROM {stream.mirror.name} WHERE source = %(source)s"
        " AND sid BETWEEN %(min)s AND %(max)s)",
        {"source": page.source, **ends},
    )
    return bool(free)


def _laid(stream: Stream, page: Prepared) -> Merged:
    """Put a page on fresh ground."""
    records = page.records
    columns = row_columns(stream)
    copy_in(stream.mirror.name, columns, page.rows_text(stream))
    reached("laid")
    if stream.project or stream.needs:
        write(
            f"INSERT INTO stage_rows SELECT * FROM {stream.mirror.name} WHERE source = %(source)s"
            " AND sid BETWEEN %(min)s AND %(max)s",
            {"source": page.source, **pc.min_max(records.sid).as_py()},
        )
    sums = page.sums or _sums_of(records)
    sums.store(page.source, stream.name)
    return Merged(Counter(inserted=len(records)), arrived=True)


def _compared(stream: Stream, page: Prepared, suppressed: frozenset[bytes], dense: bool) -> Merged:
    records = page.records
    write(KEYS)
    copy_in("stage_keys", KEY_COLUMNS, page.keys_text())
    reached("keyed")
    _judge(stream, page, dense)
    news = read(NEWS)
    reached("judged")
    merged = Merged(Counter(row.verdict for row in news))
    merged.counts["same"] = len(records) - len(news)
    merged.reused = _reused(records, news)
    kept_out = _kept_out(news, suppressed)
    merged.counts["suppressed"] = len(kept_out)
    merged.counts["inserted"] -= len(kept_out)
    coming = [
        row.ord
        for row in news
        if row.verdict in ("inserted", "updated") and row.ord not in kept_out
    ]
    if coming:
        _stage(stream, page, coming, len(news) == len(records) == len(coming))
        merged.taken = _taken(stream, merged, news)
    _replace(stream, page, merged)
    _count(stream, page, news, merged, kept_out)
    return merged


def _judge(stream: Stream, page: Prepared, dense: bool) -> None:
    """Say of each record what is to become of it."""
    mirror, in_stretch = stream.mirror.name, dense and page.ordered
    compared = (STRETCH if in_stretch else ONE_BY_ONE).format(mirror=mirror)
    sql = JUDGED.format(place="1" if page.distinct else NEWEST, compared=compared)
    if not in_stretch:
        write(LOOK_UP)
    write(sql, {"source": page.source})
    if not in_stretch:
        write(AS_BEFORE)


def _reused(records: Records, news: Sequence[Any]) -> list[str]:
    """Return the keys of records that changed without a new version, under the same rules."""
    return [
        row.sid
        for row in news
        if row.verdict in ("updated", "stale")
        and row.known
        and row.old_ver == row.ver
        and not row.gone
        and row.old_hash not in (GONE, records.hash_of(row.ord))
        and row.old_hash[:1] == records.hash_of(row.ord)[:1]
    ]


def _kept_out(news: Sequence[Any], suppressed: frozenset[bytes]) -> set[int]:
    if not suppressed:
        return set()
    return {
        row.ord
        for row in news
        if row.verdict == "inserted" and vault.index("sid", row.sid) in suppressed
    }


def _stage(stream: Stream, page: Prepared, coming: Sequence[int], every: bool) -> None:
    content = (
        page.rows_text(stream)
        if every
        else rows_text(stream, page.source, page.batch, page.records, coming)
    )
    copy_in("stage_rows", row_columns(stream), content)
    reached("staged")


def _taken(stream: Stream, merged: Merged, news: Sequence[Any]) -> list[str]:
    """Take out the records whose code another one holds or held: codes are never reused."""
    if not stream.unique:
        return []
    sql = TAKEN_CODES.format(mirror=stream.mirror.name, unique=stream.unique)
    taken = [row.sid for row in read(sql)]
    if taken:
        write("DELETE FROM stage_rows WHERE sid = ANY(%(taken)s)", {"taken": taken})
        for row in news:
            if row.sid in taken and row.verdict in ("inserted", "updated"):
                merged.counts[row.verdict] -= 1
    return taken


def _replace(stream: Stream, page: Prepared, merged: Merged) -> None:
    """Put what came in the place of what was, and remember what went."""
    values: Mapping[str, object] = {"source": page.source, "batch": page.batch, "gone": GONE}
    mirror = stream.mirror.name
    merged.arrived = bool(merged.counts["inserted"] or merged.counts["updated"])
    if merged.counts["deleted"]:
        write(BEFORE.format(mirror=mirror), values)
        write(TOMBSTONES.format(mirror=mirror, erased=erased_columns(stream)), values)
    if merged.counts["updated"] and stream.project:
        keys = stream.project.keys()
        new = [key.replace("s.", "o.") for key in keys]
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


def _count(
    stream: Stream, page: Prepared, news: Sequence[Any], merged: Merged, kept_out: set[int]
) -> None:
    """Add what came to the buckets, and take away what it replaced."""
    sums, records, taken = Sums(), page.records, set(merged.taken)
    moved = [row for row in news if row.sid not in taken and row.ord not in kept_out]
    came = [row for row in moved if row.verdict in ("inserted", "updated")]
    went = [row for row in moved if row.verdict in ("updated", "deleted") and row.live]
    sums.add(
        [row.sid for row in came],
        [row.ver for row in came],
        b"".join([records.hash_of(row.ord) for row in came]),
    )
    old = b"".join([bytes(row.old_hash) for row in went])
    sums.add([row.sid for row in went], [row.old_ver for row in went], old, -1)
    sums.store(page.source, stream.name)


def _sums_of(records: Records) -> Sums:
    sums = Sums()
    sums.add(records.sid.to_pylist(), records.ver.to_pylist(), records.hashes)
    return sums
