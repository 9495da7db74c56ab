"""Reading a source: one transaction a page, holding everything that the page does.

Quarantine, merge, projection, the counters that must add up, and the checkpoint are one COMMIT.
Whatever dies in between leaves the last page whole and the next one unread.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app import clock
from app.database import transaction
from app.privacy import vault
from app.sync.connector import Connector, Page, SourceRefused
from app.sync.contract import Record, Reject, Stream
from app.sync.models import Quarantined, SyncCheckpoint
from app.sync.staging import merge

PAGE_ROWS = 5000

log = logging.getLogger("linli.sync")

Progress = Callable[[str, int, int | None], None]


class Overtaken(Exception):
    """Another run has started on this stream since; this one must stop."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of one stream in one run."""

    stream: str
    counts: Mapping[str, int]


def run_source(
    connector: Connector,
    streams: Sequence[Stream],
    progress: Progress,
    page_rows: int = PAGE_ROWS,
) -> list[Outcome]:
    """Read everything that the source has new, stream by stream in its order.

    Raises:
        SourceRefused: the source is not what it says, or names a stream that nobody knows; pages
            committed before stay.
        Overtaken: another run took over a stream.
    """
    known = {stream.name: stream for stream in streams}
    offered = connector.streams()
    if strange := [name for name in offered if name not in known]:
        raise SourceRefused(f"nobody knows the stream {strange[0]}")
    return [_run_stream(connector, known[name], progress, page_rows) for name in offered]


def _run_stream(
    connector: Connector, stream: Stream, progress: Progress, page_rows: int
) -> Outcome:
    fence, cursor = _take_over(connector.source, stream.name)
    names = [field.name for field in stream.fields]
    expected = connector.rows_of(stream.name)
    counts: Counter[str] = Counter()
    for page in connector.pages(stream.name, names, cursor, page_rows):
        counts += _commit_page(connector.source, stream, page, fence)
        progress(stream.name, counts["in"], expected)
    with transaction():
        _move(connector.source, stream.name, fence, {"fresh_at": clock.now()})
    return Outcome(stream.name, counts)


def _commit_page(source: str, stream: Stream, page: Page, fence: int) -> Counter[str]:
    read = [stream.read(row) for row in page.rows]
    records = [each for each in read if isinstance(each, Record)]
    rejects = [each for each in read if isinstance(each, Reject)]
    with transaction() as session:
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
            {"name": f"sync {source} {stream.name}"},
        )
        batch = session.execute(text("SELECT nextval('sync_batch_id_seq')")).scalar_one()
        _quarantine(session, source, stream.name, rejects)
        counts = merge(session, stream, source, batch, records)
        if counts["inserted"] or counts["updated"]:
            stream.project(stream)
        counts["bad"], counts["in"] = len(rejects), len(read)
        _book(session, source, stream.name, batch, counts)
        _move(source, stream.name, fence, {"cursor": dict(page.cursor)})
    return counts


def _take_over(source: str, stream: str) -> tuple[int, dict[str, Any]]:
    with transaction() as session:
        row = session.execute(
            upsert(SyncCheckpoint)
            .values(source=source, stream=stream, cursor={}, fence=1)
            .on_conflict_do_update(
                index_elements=["source", "stream"], set_={"fence": SyncCheckpoint.fence + 1}
            )
            .returning(SyncCheckpoint.fence, SyncCheckpoint.cursor)
        ).one()
    return row.fence, row.cursor


def _move(source: str, stream: str, fence: int, values: dict[str, Any]) -> None:
    with transaction() as session:
        moved = session.execute(
            update(SyncCheckpoint)
            .where(
                SyncCheckpoint.source == source,
                SyncCheckpoint.stream == stream,
                SyncCheckpoint.fence == fence,
            )
            .values(**values)
            .returning(SyncCheckpoint.fence)
        ).one_or_none()
        if moved is None:
            raise Overtaken(f"{source} {stream}")


def _quarantine(session: Session, source: str, stream: str, rejects: Sequence[Reject]) -> None:
    now = clock.now()
    rows = {}
    for each in rejects:
        digest = vault.fingerprint(each.raw.encode()).hex()
        rows[digest] = {
            "source": source,
            "stream": stream,
            "digest": digest,
            "code": each.code,
            "field": each.field,
            "raw_sealed": vault.seal("sync_quarantine.raw", digest, each.raw),
            "first_seen": now,
            "last_seen": now,
            "times": 1,
        }
    if rows:
        statement = upsert(Quarantined).values(list(rows.values()))
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["source", "stream", "digest"],
                set_={"times": Quarantined.times + 1, "last_seen": func.now()},
            )
        )


def _book(session: Session, source: str, stream: str, batch: int, counts: Counter[str]) -> None:
    kinds = ("in", "inserted", "updated", "same", "stale", "duplicate", "bad")
    session.execute(
        text(
            "INSERT INTO sync_batch (id, source, stream, at, "
            + ", ".join(f"n_{kind}" for kind in kinds)
            + ") OVERRIDING SYSTEM VALUE VALUES (:id, :source, :stream, :at, "
            + ", ".join(f":{kind}" for kind in kinds)
            + ")"
        ),
        {"id": batch, "source": source, "stream": stream, "at": clock.now()}
        | {kind: counts[kind] for kind in kinds},
    )
