"""Judging a page: what is to become of each record, by its key, version and hash alone.

``(ver, hash)`` is a total order, so that replayed, repeated and reordered pages converge.
"""

from collections.abc import Sequence
from typing import Any

from app.database import write
from app.database.bulk import copy_in
from app.privacy import vault
from app.sync.contract.records import GONE, Records
from app.sync.contract.stream import Stream
from app.sync.inward.points import reached
from app.sync.inward.prepared import Prepared
from app.sync.inward.rows import KEY_COLUMNS

# Made once a connection and emptied at each commit: making tables writes to the catalog, and an
# unchanged page should write nothing.
KEYS = """
CREATE TEMP TABLE IF NOT EXISTS stage_keys
  (ord int, sid text, ver bigint, hash bytea, gone boolean) ON COMMIT DELETE ROWS
"""
JUDGED = """
WITH newest AS (SELECT ord, sid, ver, hash, gone, {place} AS place FROM stage_keys),
judged AS (
  SELECT n.ord, n.sid, n.ver, n.gone, t.ver AS old_ver, t.hash AS old_hash,
    t.sid IS NOT NULL AND t.deleted_at IS NULL AS live, t.sid IS NOT NULL AS known,
    CASE WHEN n.place > 1 THEN 'duplicate'
      WHEN t.sid IS NOT NULL AND (n.ver, n.hash) < (t.ver, t.hash) THEN 'stale'
      WHEN t.deleted_by = 'absence' AND NOT n.gone THEN 'updated'
      WHEN (n.ver, n.hash) = (t.ver, t.hash) THEN 'same'
      WHEN n.gone THEN 'deleted'
      WHEN t.sid IS NULL THEN 'inserted'
      ELSE 'updated' END AS verdict
  FROM {compared})
SELECT * FROM judged WHERE verdict <> 'same'
"""
# A page that is a stretch of the mirror, in order, is compared with that stretch; any other looks
# up each key, in the order of the index. Left to itself the planner, which has not seen the page,
# reads the whole mirror for it: 10 million rows for 40,000.
STRETCH = """newest n LEFT JOIN (
    SELECT sid, ver, hash, deleted_at, deleted_by FROM {mirror} WHERE source = %(source)s
      AND sid BETWEEN (SELECT min(sid) FROM stage_keys) AND (SELECT max(sid) FROM stage_keys)
  ) t ON t.sid = n.sid AND n.place = 1"""
ONE_BY_ONE = """(SELECT * FROM newest ORDER BY sid) n
  LEFT JOIN {mirror} t ON t.source = %(source)s AND t.sid = n.sid AND n.place = 1"""
LOOK_UP = "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"
AS_BEFORE = "SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on"
NEWEST = "row_number() OVER (PARTITION BY sid ORDER BY ver DESC, hash DESC, ord)"
CHANGING = ("inserted", "updated", "deleted")


def judge(stream: Stream, page: Prepared, dense: bool) -> list[Any]:
    """Say of each record what is to become of it; return all but those that are the same.

    ``dense``: the page is part of a complete reading, so that its keys may lie close together.
    """
    write(KEYS)
    copy_in("stage_keys", KEY_COLUMNS, page.keys_laid())
    reached("keyed")
    mirror, in_stretch = stream.mirror.name, dense and page.ordered
    compared = (STRETCH if in_stretch else ONE_BY_ONE).format(mirror=mirror)
    sql = JUDGED.format(place="1" if page.distinct else NEWEST, compared=compared)
    if not in_stretch:
        write(LOOK_UP)
    news = write(sql, {"source": page.source})
    if not in_stretch:
        write(AS_BEFORE)
    reached("judged")
    return news


def reused(records: Records, news: Sequence[Any]) -> list[str]:
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


def kept_out(news: Sequence[Any], suppressed: frozenset[bytes]) -> set[int]:
    """Return the places of those who were erased here and are to stay away.

    Who lives here was not erased, so only those who do not are looked up.
    """
    if not suppressed:
        return set()
    return {
        row.ord
        for row in news
        if row.verdict in CHANGING and not row.live and vault.index("sid", row.sid) in suppressed
    }
