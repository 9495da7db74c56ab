"""Reading tickets and the records that they are about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import FIRST_ID, LAST_ID, Cursor, Page, read
from app.policy import Actor
from app.privacy import vault
from app.sync import Field, Stream

WANTED = "correction.wanted"
REASON = "correction.reason"
ANSWER = "correction.answer"

COLUMNS = """
id, stream, sid, field, wanted_sealed, reason_sealed, asked_at, limit_at, limit_basis, state,
answered_at, answer_sealed, overdue_at, k.subject AS key_of, k.wrapped AS key_wrapped
"""
FROM = "FROM correction LEFT JOIN subject_key k ON k.subject = asked_by"
ONE = f"SELECT {COLUMNS} {FROM} WHERE id = %(id)s"
LISTED = f"""
SELECT {COLUMNS} {FROM}
WHERE id < %(before)s AND (%(by)s::uuid IS NULL OR asked_by = %(by)s)
  AND (%(state)s::text IS NULL OR state = %(state)s)
ORDER BY id DESC LIMIT %(limit)s
"""
NOBODY = FIRST_ID
OWN_SID = "SELECT sid FROM resident WHERE id = %(resident)s"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A correction that was asked for, opened."""

    id: UUID
    stream: str
    record: str
    field: str
    wanted: str | None
    reason: str | None
    asked_at: datetime
    limit_at: datetime
    limit_basis: str | None
    state: str
    answered_at: datetime | None
    answer: str | None
    overdue: bool


def record(stream: Stream, name: str) -> Any:
    """Return the live mirror row of a record, by its code if its stream has codes, or its key."""
    where = f"sid = %(name)s{f' OR {stream.unique} = %(name)s' if stream.unique else ''}"
    rows = read(
        f"SELECT * FROM {stream.mirror.name} WHERE ({where}) AND deleted_at IS NULL"
        " ORDER BY source, sid LIMIT 1",
        {"name": name},
    )
    return rows[0] if rows else None


def value_of(stream: Stream, field: Field, row: Any) -> str | None:
    """Return what a record says in a field."""
    stored: Any = getattr(row, field.column)
    if stored is None or not field.sealed:
        return None if stored is None else str(stored)
    return vault.open(stream.place(field), row.sid, bytes(stored))


def own_sid(actor: Actor) -> str | None:
    """Return the register's key of the caller, if they are matched to it."""
    rows = read(OWN_SID, {"resident": actor.resident_id})
    return str(rows[0].sid) if rows else None


def one(key: UUID, by: UUID | None) -> Any:
    """Return one ticket as it is stored; only that person's, if one is named."""
    rows = read(f"{ONE} AND (%(by)s::uuid IS NULL OR asked_by = %(by)s)", {"id": key, "by": by})
    return rows[0] if rows else None


def listed(by: UUID | None, state: str | None, cursor: str | None, limit: int) -> Page[Any]:
    """Return tickets, the newest first; only that person's, if one is named."""
    after = Cursor.read("corrections", cursor, [UUID]) or [LAST_ID]
    about = {"by": by, "state": state, "before": after[0], "limit": limit + 1}
    rows = [opened(row) for row in read(LISTED, about)]
    return Cursor.page("corrections", rows, limit, lambda row: [row.id])


def opened(row: Any) -> Ticket:
    """Return a stored ticket with its words."""
    if row.key_of:
        vault.subjects.read_with(row.key_of, row.key_wrapped)
    return Ticket(
        id=row.id,
        stream=row.stream,
        record=row.sid,
        field=row.field,
        wanted=vault.opened(WANTED, row.id, row.wanted_sealed),
        reason=vault.opened(REASON, row.id, row.reason_sealed),
        asked_at=row.asked_at,
        limit_at=row.limit_at,
        limit_basis=row.limit_basis,
        state=row.state,
        answered_at=row.answered_at,
        answer=vault.opened(ANSWER, row.id, row.answer_sealed),
        overdue=row.overdue_at is not None,
    )
