"""What a reconciliation found of each stream: numbers, keys of the register, and no values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.database import read
from app.sync.contract.stream import Stream
from app.sync.inward.booked import BOOKED, LAST_READING
from app.sync.reconcile.look import Kind, Look

SHOWN = 20
"""So many keys of a kind are named."""

FACTS = f"""
SELECT c.fresh_at, c.equal_at, r.status AS last_status, r.message AS last_message,
  r.started_at AS last_started_at,
  (SELECT coalesce(sum(b.n), 0)::bigint FROM ({BOOKED}) b) AS here,
  (SELECT count(*)::int FROM sync_quarantine q WHERE q.source = k.source AND q.stream = k.stream
    AND q.status = 'open') AS quarantine_open,
  (SELECT count(*)::int FROM sync_suppressed s
    WHERE s.source = k.source AND s.stream = k.stream) AS erased,
  (SELECT coalesce(sum(h.n_missing), 0)::int FROM sync_hold h WHERE h.source = k.source
    AND h.stream = k.stream AND h.status = 'held') AS held,
  (SELECT round((SELECT sum(b.n_in) FROM sync_batch b WHERE b.run_id = w.id)
      / greatest(extract(epoch FROM w.ended_at - w.started_at), 0.001))::bigint
    FROM sync_run w WHERE w.source = k.source AND w.stream = k.stream AND w.kind = 'reading'
    AND w.rows_in > 0 AND w.status IN ('done', 'held') ORDER BY w.id DESC LIMIT 1)
    AS rows_per_second
FROM (SELECT %(source)s::text AS source, %(stream)s::text AS stream) k
LEFT JOIN sync_checkpoint c ON c.source = k.source AND c.stream = k.stream
{LAST_READING.format(of="k")}"""
WAITING = """
SELECT sid, count(*) OVER ()::int AS n FROM {mirror}
WHERE source = %(source)s AND waits_for IS NOT NULL AND deleted_at IS NULL
ORDER BY sid LIMIT %(shown)s
"""
DRIFT = """
SELECT kind, subject, detail, times, first_seen, last_seen FROM sync_drift
WHERE source = %(source)s AND stream = %(stream)s AND last_seen > now() - interval '30 days'
ORDER BY last_seen DESC, id LIMIT 100
"""


MOMENTS = ("fresh_at", "equal_at", "last_started_at")
DRIFT_MOMENTS = ("first_seen", "last_seen")


class Verdict(StrEnum):
    """What can be said of a stream after both sides were compared."""

    EQUAL = "equal"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found of one stream; the counts are of records, ``keys`` names some of each kind.

    Whoever was erased is counted and never named.
    ``there`` and ``here`` are what lives on either side. ``quarantined`` and ``suppressed`` are
    those of the source that are not here for a good reason; ``waiting`` are here and wait for
    others. ``older_there``: of those differing, how many the source has in an older version,
    which no reading mends. ``moving`` changed while we looked and are not judged.
    ``respelled``: keys that the source writes with blanks around them, so that its buckets are
    never ours: these were compared key by key, and are each night. ``keyless``: keys of the
    source's that are none by the contract; while there are any, nobody is taken for gone.
    ``contradicted``: buckets in which the source's keys are not what it counted. ``books``:
    buckets in which our own count was wrong and was mended. ``message``: a code and words.
    """

    stream: str
    verdict: Verdict = Verdict.UNKNOWN
    message: str | None = None
    there: int | None = None
    here: int = 0
    missing: int = 0
    extra: int = 0
    differing: int = 0
    older_there: int = 0
    quarantined: int = 0
    suppressed: int = 0
    waiting: int = 0
    moving: int = 0
    contradicted: int = 0
    respelled: int = 0
    keyless: int = 0
    books: int = 0
    repaired: int = 0
    held: int = 0
    quarantine_open: int = 0
    erased: int = 0
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fresh_at: datetime | None = None
    equal_at: datetime | None = None
    last_status: str | None = None
    last_message: str | None = None
    last_started_at: datetime | None = None
    rows_per_second: int | None = None
    drift: Sequence[Mapping[str, Any]] = ()


def findings_of(kept: Mapping[str, Any]) -> Findings:
    """Return findings that were kept as JSON; what only another edition knows is left out."""
    found = {each.name: kept[each.name] for each in fields(Findings) if each.name in kept}
    found["verdict"] = Verdict(found["verdict"])
    found["drift"] = [_with_moments(each, DRIFT_MOMENTS) for each in found.get("drift", ())]
    return Findings(**_with_moments(found, MOMENTS))


def _with_moments(plain: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    there = {name: datetime.fromisoformat(plain[name]) for name in names if plain.get(name)}
    return {**plain, **there}


def counts_of(look: Look) -> dict[str, Any]:
    """Return what a look says, as findings have it."""
    found: dict[str, Any] = {str(kind): look.counts.get(kind, 0) for kind in Kind}
    found["there"] = look.there
    found["moving"] = look.moving
    found["contradicted"] = len(look.contradicted)
    found["respelled"], found["keyless"] = look.respelled, look.keyless
    found["older_there"] = sum(
        each.there is not None and each.here is not None and each.there < each.here
        for each in look.different.values()
        if each.kind is Kind.DIFFERING
    )
    found["verdict"] = Verdict.EQUAL if look.clean else Verdict.DIFFERENT
    named = [kind for kind in Kind if kind is not Kind.SUPPRESSED]
    found["keys"] = {str(kind): sids for kind in named if (sids := look.sids(kind)[:SHOWN])}
    return found


def facts_of(source: str, stream: Stream) -> dict[str, Any]:
    """Return what the books say of a stream now: how much, how fresh, what is put aside or odd."""
    names = {"source": source, "stream": stream.name}
    (row,) = read(FACTS, names)
    waiting = read(WAITING.format(mirror=stream.mirror.name), {"source": source, "shown": SHOWN})
    return {
        **row._asdict(),
        "waiting": waiting[0].n if waiting else 0,
        "keys": {"waiting": [each.sid for each in waiting]} if waiting else {},
        "drift": [each._asdict() for each in read(DRIFT, names)],
    }
