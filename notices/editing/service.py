"""Drafting, editing, and correcting what is published; each text is kept with what changed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat as uuids
from psycopg.errors import UniqueViolation

from app import clock
from app.database import Page, transaction, write
from app.errors import NotFound, Stale
from app.files.uses import share_files
from app.policy import Actor
from app.privacy import audit
from notices.audience.resolving import resolve
from notices.editing import queries
from notices.editing.composing import check_times, composed
from notices.model.attachments import SUBJECT
from notices.model.history import CONTENT, changes, record
from notices.model.lifecycle import Priority, State, Step, step
from notices.model.refusals import CorrectionOpen


def draft(actor: Actor, **content: Any) -> UUID:
    """Write a draft to places within the actor's own area.

    Raises:
        AreaNotYours, OutlineRefused, LinkRefused, Invalid: see audience and composing.
        ExpiryRefused, ExpiryBeforeStart, StartRefused, AnswerByRefused: the times do not fit.
    """
    key = uuids.uuid7()
    with transaction():
        _insert(actor, key, key, 1, content, None)
    return key


def edit(actor: Actor, notice_id: UUID, seen: int, **content: Any) -> None:
    """Write a draft, or what was returned, anew.

    Raises:
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
        what ``draft`` raises.
    """
    with transaction():
        before = as_seen(actor, notice_id, seen)
        state = step(State(before.state), Step.EDIT, Priority(before.priority))
        values = _values(actor, content)
        sets = ", ".join(f"{name} = %({name})s" for name in values)
        sql = (
            f"UPDATE notice SET {sets}, version = version + 1"  # noqa: S608  names of ours
            " WHERE id = %(id)s AND version = %(seen)s RETURNING 1"
        )
        if not write(sql, values | {"id": notice_id, "seen": seen}):
            raise Stale
        values["attachments"] = before.attachments
        changed = changes(content_of(before._asdict()), content_of(values))
        _record(actor, notice_id, seen + 1, Step.EDIT, state, values, changed)
        audit(actor.account_id, "notice-edit", "notice", notice_id, changed=changed)


def correct(actor: Actor, notice_id: UUID, seen: int, change_note: str, **content: Any) -> UUID:
    """Write a new revision of what is published; it takes its place when it is published itself.

    Raises:
        CorrectionOpen: one is being written already.
        NoticeStepRefused, Stale, NotFound, and what ``draft`` raises.
    """
    key = uuids.uuid7()
    with transaction():
        before = as_seen(actor, notice_id, seen)
        step(State(before.state), Step.CORRECT, Priority(before.priority))
        if write(OPEN, {"root": before.root_id}):
            raise CorrectionOpen
        try:
            _insert(actor, key, before.root_id, before.revision + 1, content, before, change_note)
        except UniqueViolation as fault:  # two began at the same time
            raise CorrectionOpen from fault
    return key


OPEN = """
SELECT 1 FROM notice WHERE root_id = %(root)s
  AND state IN ('draft', 'pending', 'returned', 'approved', 'scheduled')
"""


def managed(actor: Actor, notice_id: UUID) -> Any:
    """Return a notice within the actor's area.

    Raises:
        NotFound: there is none.
    """
    row = queries.one_managed(actor, notice_id)
    if row is None:
        raise NotFound
    return row


def as_seen(actor: Actor, notice_id: UUID, seen: int) -> Any:
    """Return a notice within the actor's area that has not changed since it was seen.

    Raises:
        NotFound, Stale: there is none, or it has changed.
    """
    row = managed(actor, notice_id)
    if row.version != seen:
        raise Stale
    return row


def versions(actor: Actor, notice_id: UUID, cursor: str | None, limit: int) -> Page[Any]:
    """Return the steps of a notice within the actor's area, the newest first.

    Raises:
        NotFound: there is none.
    """
    managed(actor, notice_id)
    return queries.versions(notice_id, cursor, limit)


def _insert(
    actor: Actor,
    key: UUID,
    root: UUID,
    revision: int,
    content: dict[str, Any],
    before: Any,
    change_note: str | None = None,
) -> None:
    values = _values(actor, content) | {
        "id": key,
        "root_id": root,
        "revision": revision,
        "state": str(State.DRAFT),
        "version": 1,
        "drafted_at": clock.now(),
        "change_note": change_note,
    }
    values["attachments"] = orjson.dumps(before.attachments if before else []).decode()
    names = ", ".join(values)
    marks = ", ".join(f"%({name})s" for name in values)
    write(f"INSERT INTO notice ({names}) VALUES ({marks})", values)  # noqa: S608  names of ours
    if before:
        share_files(SUBJECT, before.id, key)
    changed = changes(content_of(before._asdict()), content_of(values)) if before else []
    taken = "correct" if before else "draft"
    _record(actor, key, 1, taken, State.DRAFT, values, changed, change_note)
    audit(actor.account_id, f"notice-{taken}", "notice", key, areas=values["area_codes"][:50])


def _values(actor: Actor, content: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that staff's words and audience amount to."""
    values = composed(content)
    check_times(values, clock.now())
    resolved = resolve(actor, content["audience"])
    return values | {
        "audience": orjson.dumps(content["audience"]).decode(),
        "places": resolved.places,
        "people": int(resolved.people),
        "matters": resolved.matters,
        "area_codes": resolved.area_codes,
        "touches": resolved.touches,
        "polygon": orjson.dumps(resolved.polygon).decode() if resolved.polygon else None,
        "drafted_by": actor.account_id,
    }


def content_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what staff wrote, out of a row or of columns to be written."""
    found = {name: row.get(name) for name in CONTENT}
    for name in ("audience", "attachments"):
        if isinstance(kept := found[name], str):
            found[name] = orjson.loads(kept)
    return found


def _record(
    actor: Actor,
    key: UUID,
    version: int,
    taken: str,
    state: State,
    values: dict[str, Any],
    changed: list[str],
    reason: str | None = None,
) -> None:
    record(
        key,
        version,
        taken,
        state,
        clock.now(),
        by=actor.account_id,
        reason=reason,
        changed=changed,
        content=content_of(values),
    )
