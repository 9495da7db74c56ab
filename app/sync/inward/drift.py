"""What is odd about a source, noted once and counted: not wrong enough to refuse."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from app.database import write

VERSION_REUSED = "VERSION_REUSED"
COLUMN_NEW = "COLUMN_NEW"
COLUMN_LOST = "COLUMN_LOST"
VOLUME = "VOLUME"
COMPLETENESS = "COMPLETENESS"
BOOKS = "BOOKS"

NOTE = """
INSERT INTO sync_drift AS d (source, stream, kind, subject, detail, times)
VALUES (%(source)s, %(stream)s, %(kind)s, %(subject)s, %(detail)s::jsonb, %(times)s)
ON CONFLICT (source, stream, kind, subject) DO UPDATE
SET detail = excluded.detail, last_seen = now(), times = d.times + excluded.times
"""
FORGET = """
UPDATE sync_drift SET detail = jsonb_set(detail, '{keys}', (detail->'keys') - %(sid)s::text)
WHERE source = %(source)s AND stream = %(stream)s AND detail->'keys' ? %(sid)s
"""


@dataclass(frozen=True, slots=True)
class Oddity:
    """What a reading found odd as a whole: noted when it ends, so that it is counted once."""

    kind: str
    subject: str
    detail: Mapping[str, object]


def note_drift(
    names: Mapping[str, object], kind: str, subject: str, times: int, **detail: object
) -> None:
    """Note a drift of a stream (``names``: source and stream) in the transaction that saw it."""
    if times:
        about = {"kind": kind, "subject": subject, "times": times, "detail": json.dumps(detail)}
        write(NOTE, {**names, **about})


def forget_key(names: Mapping[str, object]) -> None:
    """Take a key (``sid``) out of what was noted of its stream; what it counted stays."""
    write(FORGET, names)


def note_oddity(names: Mapping[str, object], odd: Oddity) -> None:
    """Note what a reading found odd, once, in the transaction in which it ends."""
    note_drift(names, odd.kind, odd.subject, 1, **odd.detail)
