"""Asking the owner of a record to correct it, and hearing what became of it.

The platform never writes over the district's field: it asks, with the limit that held on the day
on which it asked, and the correction comes back the way all records come.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg.errors import UniqueViolation

from app import clock
from app.areas.service import working_calendar
from app.calendar.deadlines import deadline
from app.corrections import queries
from app.corrections.limits import limit_on
from app.corrections.models import CorrectionLimit
from app.corrections.refusals import (
    AlreadyRight,
    CorrectionAsked,
    CorrectionLimitUnknown,
    GuessesSpent,
)
from app.database import kept_rows, read, transaction, write
from app.errors import FieldFault, Invalid, NotFound, Words
from app.policy import Actor
from app.privacy import audit, audit_apart, vault
from app.sync import Event, Field, FieldRefused, Stream, forget_told, tell

SUBJECT = "correction"
RESIDENTS = "residents"
NO_SUCH_FIELD = Words("没有该字段", "no such field")
NOT_OF_ITS_KIND = Words("内容不符合该字段的要求", "not what this field may hold")

ASK = """
INSERT INTO correction (id, source, stream, sid, field, wanted_sealed, reason_sealed, asked_by,
  limit_at, due_at, limit_basis)
VALUES (%(id)s, %(source)s, %(stream)s, %(sid)s, %(field)s, %(wanted)s, %(reason)s, %(by)s,
  %(limit)s, %(limit)s, %(basis)s)
"""

FORGET = """
DELETE FROM correction WHERE source = %(source)s AND stream = %(stream)s AND sid = %(sid)s
RETURNING id
"""
GUESSED = """
SELECT count(*)::int AS n FROM audit_entry WHERE account_id = %(by)s AND deed = %(deed)s
  AND at > now() - interval '1 day'
"""
ALREADY_RIGHT = "correction-already-right"
limits = kept_rows(CorrectionLimit)
"""The rules in memory, fresh within five seconds of a change."""

GUESSES = 10
"""So often a day somebody may be told that a sealed field says already what they asked for."""


def ask(actor: Actor, stream: Stream, record: str, field: str, wanted: str, reason: str) -> UUID:
    """Ask for a correction of one field of a record, by its code or the source's key.

    Raises:
        Invalid: the stream has no such field, or it may not hold what is wanted.
        NotFound: there is no such record.
        AlreadyRight, CorrectionAsked, CorrectionLimitUnknown, GuessesSpent
    """
    named = _field_of(stream, field)
    value = _read(named, wanted)
    found = queries.record(stream, record)
    if found is None:
        raise NotFound
    if named.sealed and _guesses(actor) >= GUESSES:
        raise GuessesSpent(retry_after=3600)
    if queries.value_of(stream, named, found) == value:
        if named.sealed:  # the refusal says what the record says: that is a look at it
            facts = {"stream": stream.name, "field": field, "source": found.source}
            index = vault.index("sid", found.sid).hex()
            audit_apart(actor.account_id, ALREADY_RIGHT, "record", index, **facts)
        raise AlreadyRight
    key = uuids.uuid7()
    limit, basis = _limit(clock.now())
    with transaction():
        about = {"wanted": value, "reason": reason, "limit": limit, "basis": basis}
        _write(actor, key, stream, found, field, about)
        facts = {"stream": stream.name, "field": field}
        audit(actor.account_id, "correction-asked", SUBJECT, key, **facts)
        payload = facts | {"sid": found.sid} | about
        tell(Event("correction-asked", SUBJECT, key, payload))
    return key


def ask_for_oneself(actor: Actor, residents: Stream, field: str, wanted: str, reason: str) -> UUID:
    """Ask for a correction of one's own record in the population register.

    Raises:
        NotFound: the caller is not matched to the register.
        Invalid, AlreadyRight, CorrectionAsked: as ``ask``.
    """
    sid = queries.own_sid(actor)
    if sid is None:
        raise NotFound
    return ask(actor, residents, sid, field, wanted, reason)


def forget(source: str, stream: str, sid: str) -> None:
    """Let go of the tickets about a record that was erased, and of what was told of them."""
    for row in write(FORGET, {"source": source, "stream": stream, "sid": sid}):
        forget_told(SUBJECT, row.id)


def shown(actor: Actor, key: UUID, everybodys: bool) -> Any:
    """Return one ticket, opened for whoever may see it.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    found = queries.one(key, None if everybodys else actor.account_id)
    if found is None:
        raise NotFound
    return queries.opened(found)


def _write(
    actor: Actor, key: UUID, stream: Stream, found: Any, field: str, about: dict[str, Any]
) -> None:
    try:
        write(
            ASK,
            {
                "id": key,
                "source": found.source,
                "stream": stream.name,
                "sid": found.sid,
                "field": field,
                "wanted": vault.seal(queries.WANTED, key, about["wanted"], actor.account_id),
                "reason": vault.seal(queries.REASON, key, about["reason"], actor.account_id),
                "by": actor.account_id,
                "limit": about["limit"],
                "basis": about["basis"],
            },
        )
    except UniqueViolation as fault:
        raise CorrectionAsked from fault


def _guesses(actor: Actor) -> int:
    ((n,),) = read(GUESSED, {"by": actor.account_id, "deed": ALREADY_RIGHT})
    return int(n)


def _field_of(stream: Stream, name: str) -> Field:
    for each in stream.fields:
        if each.name == name:
            return each
    raise Invalid([FieldFault("/field", "unknown", NO_SUCH_FIELD)])


def _read(field: Field, wanted: str) -> str:
    try:
        return field.kind(wanted)
    except FieldRefused as fault:
        raise Invalid([FieldFault("/wanted", fault.code.lower(), NOT_OF_ITS_KIND)]) from fault


def _limit(start: datetime) -> tuple[datetime, str]:
    """Return when the limit of that day runs out, and by which rule."""
    limit = limit_on(limits.get(), start.astimezone(clock.SHANGHAI).date())
    if limit is None:
        raise CorrectionLimitUnknown
    due = deadline(start, limit.count, limit.unit, working_calendar.get()).due_at
    return due, limit.basis
