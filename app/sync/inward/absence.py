"""Deletion by absence: what a provably complete reading did not hold is gone, unless it is much.

A reading is summed up while it is read. Where the sum equals the books of the mirror, both sides
hold the same and nothing is missing: that costs no second look. Where it differs, the reading is
gone through once more for its keys alone, and what lives here and was not there is found in one
join. A row without a readable key makes absence prove nothing; a row that is in quarantine was
there, whatever is wrong with it.
"""

from collections.abc import Callable, Mapping

import uuid_utils.compat as uuids

from app.database import read, write
from app.sync.connectors.protocol import Connector, Offer
from app.sync.contract.stream import Stream
from app.sync.inward.buckets import totals
from app.sync.inward.deletion import delete_all
from app.sync.inward.lapsing import lapse_all, lapse_not_missing, lapse_seen
from app.sync.inward.page import PageWork
from app.sync.inward.points import reached
from app.sync.inward.prepared import prepare
from app.sync.inward.reckoning import KEYS_LOST, Reckoning, Unproven, doubt_of
from app.sync.inward.rows import seen_laid
from app.sync.inward.seen import LEFT, Keys, keep
from app.sync.inward.unhurried import unhurried

FEW = 50
SHARE = 0.01
"""More than max(FEW, SHARE of what lives here) is not deleted without somebody's word."""

MISSING = """
SELECT t.sid, t.ver, t.last_batch FROM {mirror} t
WHERE t.source = %(source)s AND t.deleted_at IS NULL AND t.last_batch <= %(batch)s
  AND NOT EXISTS (SELECT FROM sync_seen s WHERE s.run_id = %(run)s AND s.sid = t.sid)
  AND t.sid <> ALL(%(excused)s)
"""
# The keys that are missing; or, where some of those that prove it were lost, one row without a key
# that says how many are left. Both in one statement, which sees one state of them.
FOUND = f"""
CREATE TEMP TABLE stage_missing ON COMMIT DROP AS
WITH here AS MATERIALIZED ({LEFT})
SELECT sid, ver, last_batch FROM ({{missing}}) m WHERE (SELECT n FROM here) = %(kept)s
UNION ALL SELECT NULL, n, NULL FROM here WHERE n <> %(kept)s
"""
LEFT_OVER = "SELECT ver AS n FROM stage_missing WHERE sid IS NULL"
COUNTED = "SELECT count(*)::int AS missing FROM stage_missing"
HOLD = """
INSERT INTO sync_hold (id, source, stream, run_id, n_missing, n_live)
VALUES (%(id)s, %(source)s, %(stream)s, %(run)s, %(missing)s, %(live)s)
"""
HOLD_KEYS = """
INSERT INTO sync_held_key (hold_id, sid, ver) SELECT %(id)s, sid, ver FROM stage_missing
"""


Tell = Callable[[int], None]
"""Told how many rows a walk has gone through; it may raise Stopped to end it there."""


def settle_absence(
    connector: Connector,
    work: PageWork,
    offer: Offer,
    reckoning: Reckoning,
    size: int,
    tell: Tell,
) -> bool:
    """Delete what a complete reading did not hold; tell whether that is held back instead.

    Raises:
        Unproven, Overtaken, SourceRefused, SourceAway
        Stopped: ``tell`` said so; nothing is deleted, and the next reading looks through it anew.
    """
    run, names = work.run, {"source": work.run.source, "stream": work.stream.name}
    if reckoning.from_start and (reckoning.records, reckoning.content) == totals(**names):
        reckoning.equal = True
        with unhurried():
            run.move(None)  # who was overtaken decides nothing any more
            lapse_all(names)
        return False
    with Keys() as keys:
        keys.begin(run.id)
        again = keep_seen(connector, work.stream, run.id, size, tell)
        if doubt := doubt_of(offer, again):
            with unhurried():
                run.move(None)
                lapse_seen(names, run.id, again.excused)
            raise Unproven(*doubt)
        about: dict[str, object] = {**names, "run": run.id, "looks": [run.id], "kept": again.kept}
        about["excused"] = sorted(again.excused)
        about["batch"] = reckoning.last_batch or newest_batch()
        return delete_or_hold(work, MISSING.format(mirror=work.stream.mirror.name), about)


def delete_or_hold(work: PageWork, missing_sql: str, about: Mapping[str, object]) -> bool:
    """Delete what ``missing_sql`` names; if it is much, hold it and return True instead.

    ``about``: its parameters, among them source, stream, run, batch, the newest one that it may
    judge, and what it judges by: ``looks``, under which ``kept`` keys were kept. What was held
    before is decided by this; what was approved waits on as far as it is named, and counts for
    nothing here.

    Raises:
        Unproven: some of those keys are lost.
        Overtaken
    """
    names = {"source": work.run.source, "stream": work.stream.name}
    live, _ = totals(**names)
    with unhurried():
        write(FOUND.format(missing=missing_sql), about)
        for left in read(LEFT_OVER):
            raise Unproven(KEYS_LOST, left.n)
        work.run.move(None)  # who was overtaken decides nothing any more
        lapse_not_missing(names)
        ((missing,),) = read(COUNTED)
        if much := missing > max(FEW, SHARE * live):
            _hold({**about, "missing": missing, "live": live})
        else:
            sids = [row.sid for row in read("SELECT sid FROM stage_missing ORDER BY sid")]
    if much:
        reached("held")
        return True
    delete_all(work, sids, about["batch"])
    return False


def newest_batch() -> int:
    """Return the number of the last page that anybody has begun."""
    ((newest,),) = read("SELECT last_value FROM sync_batch_id_seq")
    return int(newest)


def keep_seen(
    connector: Connector, stream: Stream, number: int, size: int, tell: Tell
) -> Reckoning:
    """Read a stream through and keep its keys in ``sync_seen`` under a number, and sum it up.

    Raises:
        SourceRefused, SourceAway, ColumnsMissing, Stopped
    """
    again = Reckoning(from_start=True)
    ord_from = 0
    for page in connector.pages(stream.name, {}, size):
        found = prepare(stream, connector.source, 0, page.read, ahead=False)
        again.add(found)
        columns = ("run_id", "ord", "sid", "ver", "hash")
        again.kept += keep(columns, seen_laid(number, ord_from, found.records))
        ord_from += len(found.records)
        reached("seen")
        tell(again.rows)
    return again


def _hold(about: dict[str, object]) -> None:
    key = {"id": uuids.uuid7()}
    write(HOLD, about | key)
    write(HOLD_KEYS, key)
