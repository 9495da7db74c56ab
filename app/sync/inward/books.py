"""The books of a reading: who may write (the fence), how far it is, and what came of each page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.database import read, transaction, write
from app.sync.connectors.protocol import Cursor, Offer
from app.sync.inward.drift import Oddity, note_oddity
from app.sync.models import OUTCOMES

TAKE_OVER = """
INSERT INTO sync_checkpoint AS c (source, stream, cursor, fence)
VALUES (%(source)s, %(stream)s, '{}', 1)
ON CONFLICT (source, stream) DO UPDATE SET fence = c.fence + 1
RETURNING fence, cursor, read_digest, fresh_at
"""
OVERTAKE = """
UPDATE sync_run SET status = 'overtaken', ended_at = now()
WHERE source = %(source)s AND stream = %(stream)s AND status = 'running'
"""
LAST = """
SELECT status FROM sync_run WHERE source = %(source)s AND stream = %(stream)s
  AND kind = 'reading' ORDER BY id DESC LIMIT 1
"""
OPEN = """
INSERT INTO sync_run (source, stream, kind, fence, rows_expected, complete)
VALUES (%(source)s, %(stream)s, %(kind)s, %(fence)s, %(expected)s, %(complete)s) RETURNING id
"""
MOVE = """
UPDATE sync_checkpoint SET cursor = %(new)s::jsonb
WHERE source = %(source)s AND stream = %(stream)s AND fence = %(fence)s
  AND cursor = %(old)s::jsonb RETURNING fence
"""
BOOK = f"""
INSERT INTO sync_batch (id, run_id, source, stream, at, n_in, n_waiting, n_home,
  {", ".join(f"n_{each}" for each in OUTCOMES)})
OVERRIDING SYSTEM VALUE VALUES (%(id)s, %(run)s, %(source)s, %(stream)s, now(), %(in)s,
  %(waiting)s, %(home)s, {", ".join(f"%({each})s" for each in OUTCOMES)})
"""
PROGRESS = "UPDATE sync_run SET rows_in = %(rows)s, seen_at = now() WHERE id = %(run)s"
CLOSE = """
UPDATE sync_run SET status = %(status)s, message = %(message)s, ended_at = now()
WHERE id = %(run)s AND status = 'running'
"""
FRESH = """
UPDATE sync_checkpoint SET fresh_at = least(now(), %(as_of)s), read_digest = %(digest)s,
  equal_at = CASE WHEN %(equal)s THEN now() ELSE equal_at END
WHERE source = %(source)s AND stream = %(stream)s AND fence = %(fence)s RETURNING fence
"""


AFRESH = """
UPDATE sync_checkpoint SET cursor = '{}', read_digest = NULL, fence = fence + 1
WHERE source = %(source)s AND stream = %(stream)s RETURNING fence
"""


ENDED = ("done", "held")


class Overtaken(Exception):
    """Another run has started on this stream since; this one must stop."""


@dataclass(slots=True)
class Run:
    """A reading of a stream under way; ``stored`` is how far it is committed.

    ``whole``: with what dead runs have read, it holds every record that lives at the source.
    ``broken``: the reading before did not come to its end.
    A connector's cursor is stored beside the digest of the content that it belongs to. ``rows``
    counts what was read of that content, also by runs that died; of a feed, what this run read.
    """

    id: int
    source: str
    stream: str
    fence: int
    stored: Cursor
    read_digest: str | None
    first: bool
    whole: bool
    broken: bool
    as_of: datetime | None = None
    rows: int = 0
    _digest: str | None = None

    @property
    def _names(self) -> dict[str, Any]:
        return {"source": self.source, "stream": self.stream, "fence": self.fence, "run": self.id}

    def resume(self, digest: str | None) -> Cursor:
        """Return the cursor to go on from; another content is read from its start."""
        self._digest = digest
        at = _place_in(self.stored, digest)
        self.rows = self.stored.get("rows", 0) if at and digest is not None else 0
        return at

    def book(self, batch: int, counts: Mapping[str, int]) -> None:
        """Write what came of a page; the table refuses it if a row is not accounted for."""
        kinds = ("in", *OUTCOMES, "waiting", "home")
        write(BOOK, {"id": batch} | self._names | {kind: counts.get(kind, 0) for kind in kinds})

    def move(self, cursor: Cursor | None, rows: int = 0) -> Cursor:
        """Move the checkpoint in the transaction of the page, if it is still ours and where it was.

        None leaves it there, and asks only whether it is ours. Returns what is stored then: the
        cursor, the content that it belongs to, and the rows read of that so far, by whatever run.

        Raises:
            Overtaken
        """
        stored = self.stored
        if cursor is not None:
            self.rows += rows
            stored = {"of": self._digest, "at": dict(cursor), "rows": self.rows}
        about = {"new": json.dumps(stored), "old": json.dumps(self.stored)}
        if not write(MOVE, self._names | about):
            raise Overtaken(f"{self.source} {self.stream}")
        if cursor is not None:  # after the checkpoint, as in open_run: else the two deadlock
            write(PROGRESS, {"rows": self.rows, "run": self.id})
        return stored

    def fresh(self, digest: str | None, equal: bool, odd: Sequence[Oddity] = ()) -> None:
        """Say that all that the source has is here, and note what was odd about it.

        It is as fresh as the source says it was, and never fresher than now.

        Raises:
            Overtaken
        """
        about = {"digest": digest, "equal": equal, "as_of": self.as_of}
        with transaction():
            if not write(FRESH, self._names | about):
                raise Overtaken(f"{self.source} {self.stream}")
            write(PROGRESS, {"rows": self.rows, "run": self.id})  # if all was read by dead runs
            for each in odd:
                note_oddity(self._names, each)

    def lives(self) -> None:
        """Say that it gets on, though it commits nothing."""
        with transaction():
            write(PROGRESS, {"rows": self.rows, "run": self.id})

    def close(self, status: str, message: str | None = None) -> None:
        """Say how it ended."""
        with transaction():
            write(CLOSE, {"run": self.id, "status": status, "message": message})


def read_afresh(source: str, stream: str) -> bool:
    """Have the next reading of a stream begin at its start, in the caller's transaction.

    Whoever reads it now is overtaken. Returns whether the stream was ever read.
    """
    return bool(write(AFRESH, {"source": source, "stream": stream}))


def open_run(source: str, offer: Offer, kind: str = "reading") -> Run:
    """Take a stream over, whoever had it, and open a run of that kind (see ``SyncRun``)."""
    names = {"source": source, "stream": offer.stream}
    with transaction():
        (point,) = write(TAKE_OVER, names)
        last = [row.status for row in read(LAST, names)]
        write(OVERTAKE, names)
        whole = offer.whole_from(_place_in(point.cursor, offer.digest))
        about = {"fence": point.fence, "expected": offer.rows, "complete": whole}
        about["kind"] = kind
        ((run,),) = write(OPEN, names | about)
    return Run(
        run,
        source,
        offer.stream,
        point.fence,
        point.cursor,
        point.read_digest,
        point.fresh_at is None,
        whole,
        bool(last) and last[0] not in ENDED,
        offer.as_of,
    )


def _place_in(stored: Cursor, digest: str | None) -> Cursor:
    """Return the connector's cursor in a stored one, if that belongs to this content."""
    at: Cursor = stored.get("at", {}) if stored.get("of") == digest else {}
    return at
