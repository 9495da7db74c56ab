"""The merge of one page, set-based: which records are new, and putting those into the mirror.

An unchanged record costs neither a lock nor a cipher: keys are compared first, and only what
changed is sealed and sent in full. (A blind upsert of unchanged rows writes 281 MB of WAL a million
rows even when its WHERE changes none: measured.) Where nothing at all lives between a page's first
and last key, as in every page of a first load in order, the rows go into the mirror directly.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow.compute as pc

from app.database import read, write
from app.database.bulk import copy_in
from app.sync.contract.records import Records
from app.sync.contract.stream import Stream
from app.sync.inward.buckets import Sums
from app.sync.inward.judging import judge, kept_out, reused
from app.sync.inward.points import reached
from app.sync.inward.prepared import Prepared
from app.sync.inward.replacing import Merged, replace, stage_for
from app.sync.inward.rows import row_columns, rows_laid

TAKEN_CODES = """
SELECT s.sid FROM stage_rows s WHERE EXISTS (
    SELECT FROM sync_code c WHERE c.stream = %(stream)s AND c.code = s.{unique}
      AND (c.source, c.sid) <> (s.source, s.sid))
  OR EXISTS (SELECT FROM stage_rows r WHERE r.{unique} = s.{unique} AND r.sid < s.sid)
"""
TAKE_CODES = """
INSERT INTO sync_code (stream, code, source, sid)
SELECT %(stream)s, s.{unique}, s.source, s.sid FROM stage_rows s ON CONFLICT DO NOTHING
"""


def merge(
    stream: Stream, page: Prepared, suppressed: frozenset[bytes], dense: bool, asked_for: bool
) -> Merged:
    """Merge a page into the mirror, in the transaction of the page.

    ``dense``: the page is part of a complete reading, so that its keys may lie close together.

    What came or changed is left in ``stage_rows``, what went in ``stage_gone``; but what came on
    fresh ground only if it is ``asked_for``.
    """
    if not len(page.records):
        return Merged()
    if not suppressed and _fresh_ground(stream, page):
        return _laid(stream, page, asked_for)
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


def _laid(stream: Stream, page: Prepared, asked_for: bool) -> Merged:
    """Put a page on fresh ground."""
    records = page.records
    columns = row_columns(stream)
    copy_in(stream.mirror.name, columns, page.rows_laid(stream))
    reached("laid")
    if asked_for:
        stage_for(stream)
        write(
            f"INSERT INTO stage_rows SELECT * FROM {stream.mirror.name} WHERE source = %(source)s"
            " AND sid BETWEEN %(min)s AND %(max)s",
            {"source": page.source, **pc.min_max(records.sid).as_py()},
        )
    sums = page.sums or _sums_of(records)
    return Merged(Counter(inserted=len(records)), arrived=asked_for, sums=sums)


def _compared(stream: Stream, page: Prepared, suppressed: frozenset[bytes], dense: bool) -> Merged:
    records, news = page.records, judge(stream, page, dense)
    merged = Merged(Counter(row.verdict for row in news))
    merged.counts["same"] = len(records) - len(news)
    merged.reused = reused(records, news)
    left_out = kept_out(news, suppressed)
    if left_out:
        merged.counts["suppressed"] = len(left_out)
        merged.counts -= Counter(row.verdict for row in news if row.ord in left_out)
    going = [row for row in news if row.verdict == "deleted" and row.ord not in left_out]
    coming = [
        row.ord
        for row in news
        if row.verdict in ("inserted", "updated") and row.ord not in left_out
    ]
    if coming or going:
        stage_for(stream)
    if coming:
        _stage(stream, page, coming, len(news) == len(records) == len(coming))
        merged.taken = _taken(stream, merged, news)
    replace(stream, page, merged, going)
    _count(page, news, merged, left_out)
    return merged


def _stage(stream: Stream, page: Prepared, coming: Sequence[int], every: bool) -> None:
    content = (
        page.rows_laid(stream)
        if every
        else rows_laid(stream, page.source, page.batch, page.records, coming)
    )
    copy_in("stage_rows", row_columns(stream), content)
    reached("staged")


def _taken(stream: Stream, merged: Merged, news: Sequence[Any]) -> dict[str, int]:
    """Take out the records whose code another one holds or held: codes are never reused."""
    if not stream.unique:
        return {}
    name = {"stream": stream.name}
    sids = {row.sid for row in read(TAKEN_CODES.format(unique=stream.unique), name)}
    taken: dict[str, int] = {}
    if sids:
        write("DELETE FROM stage_rows WHERE sid = ANY(%(taken)s)", {"taken": list(sids)})
        for row in news:
            if row.sid in sids and row.verdict in ("inserted", "updated"):
                merged.counts[row.verdict] -= 1
                taken[row.sid] = row.ord
    write(TAKE_CODES.format(unique=stream.unique), name)
    return taken


def _count(page: Prepared, news: Sequence[Any], merged: Merged, left_out: set[int]) -> None:
    """Sum up what came, and take away what it replaced."""
    sums, records, taken = merged.sums, page.records, set(merged.taken)
    moved = [row for row in news if row.sid not in taken and row.ord not in left_out]
    came = [row for row in moved if row.verdict in ("inserted", "updated")]
    went = [row for row in moved if row.verdict in ("updated", "deleted") and row.live]
    sums.add(
        [row.sid for row in came],
        [row.ver for row in came],
        b"".join([records.hash_of(row.ord) for row in came]),
    )
    old = b"".join([bytes(row.old_hash) for row in went])
    sums.add([row.sid for row in went], [row.old_ver for row in went], old, -1)


def _sums_of(records: Records) -> Sums:
    sums = Sums()
    sums.add(records.sid, records.ver, records.hashes)
    return sums
