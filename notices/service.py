"""Drafting, publishing by a second person, withdrawing, and reading."""

from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import read, transaction, write
from app.errors import NotFound, Stale
from app.policy import Actor
from app.privacy import audit
from notices import queries
from notices.body import html_of
from notices.lifecycle import State, Step, step
from notices.policy import may_manage
from notices.refusals import AreaNotYours, ExpiryRefused, SecondPersonNeeded

DRAFT = """
INSERT INTO notice (id, title, body_md, body_html, area_codes, state, version, drafted_by,
                    drafted_at, expires_at)
VALUES (%(id)s, %(title)s, %(body)s, %(html)s, %(areas)s, 'draft', 1, %(me)s, %(now)s, %(expires)s)
"""

# One publisher at a time, so that no lower number is committed after a higher one: a reader who
# has seen the higher would never be shown the lower.
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('notice publish_seq', 0))"

PUBLISH = """
UPDATE notice SET state = 'published', version = version + 1, published_by = %(me)s,
  published_at = %(now)s, publish_seq = (SELECT coalesce(max(publish_seq), 0) + 1 FROM notice)
WHERE id = %(id)s AND version = %(seen)s RETURNING publish_seq
"""

TARGET = """
INSERT INTO notice_target (area_code, seq, notice_id, expires_at)
SELECT code, %(seq)s, %(id)s, coalesce(%(expires)s::timestamptz, 'infinity')
FROM unnest(%(areas)s::text[]) AS wanted(code)
"""

WITHDRAW = """
UPDATE notice SET state = 'withdrawn', version = version + 1
WHERE id = %(id)s AND version = %(seen)s RETURNING 1
"""

READ = """
INSERT INTO notice_receipt (account_id, seq, read_at) VALUES (%(me)s, %(seq)s, %(now)s)
ON CONFLICT DO NOTHING
"""


def draft(
    actor: Actor, title: str, body_md: str, area_codes: list[str], expires_at: datetime | None
) -> UUID:
    """Write a draft to areas within the actor's own.

    Raises:
        AreaNotYours: one of the areas is unknown or not the actor's.
        ExpiryRefused: it would have expired already.
    """
    codes = sorted(set(area_codes))
    found = read("SELECT code, path FROM area WHERE code = ANY(%(codes)s)", {"codes": codes})
    paths = {row.code: row.path for row in found}
    if not may_manage(actor, [paths.get(code) for code in codes]):
        raise AreaNotYours
    now = clock.now()
    if expires_at and expires_at <= now:
        raise ExpiryRefused
    key = uuids.uuid7()
    with transaction():
        write(
            DRAFT,
            {
                "id": key,
                "title": title,
                "body": body_md,
                "html": html_of(body_md),
                "areas": codes,
                "me": actor.account_id,
                "now": now,
                "expires": expires_at,
            },
        )
        audit(actor.account_id, "notice-draft", "notice", key, areas=codes)
    return key


def publish(actor: Actor, notice_id: UUID, seen: int) -> None:
    """Publish somebody else's draft; the number is given under a lock, in commit order.

    Raises:
        SecondPersonNeeded: the actor drafted it.
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
    """
    with transaction():
        row = _as_seen(actor, notice_id, seen)
        step(State(row.state), Step.PUBLISH)
        if row.drafted_by == actor.account_id:
            raise SecondPersonNeeded
        now = clock.now()
        if row.expires_at and row.expires_at <= now:
            raise ExpiryRefused
        write(TURN, {})
        values = {"id": notice_id, "me": actor.account_id, "now": now, "seen": seen}
        numbered = write(PUBLISH, values)
        if not numbered:
            raise Stale
        target = {"id": notice_id, "areas": row.area_codes, "expires": row.expires_at}
        write(TARGET, target | {"seq": numbered[0].publish_seq})
        audit(actor.account_id, "notice-publish", "notice", notice_id, areas=row.area_codes)


def withdraw(actor: Actor, notice_id: UUID, seen: int) -> None:
    """Withdraw a draft or a published notice; it leaves every inbox at once.

    Raises:
        NoticeStepRefused, Stale, NotFound: it is withdrawn, has changed, or is not the actor's.
    """
    with transaction():
        step(State(_as_seen(actor, notice_id, seen).state), Step.WITHDRAW)
        if not write(WITHDRAW, {"id": notice_id, "seen": seen}):
            raise Stale
        write("DELETE FROM notice_target WHERE notice_id = %(id)s", {"id": notice_id})
        audit(actor.account_id, "notice-withdraw", "notice", notice_id)


def managed(actor: Actor, notice_id: UUID) -> Any:
    """Return a notice within the actor's area.

    Raises:
        NotFound: there is none.
    """
    row = queries.one_managed(actor, notice_id)
    if row is None:
        raise NotFound
    return row


def _as_seen(actor: Actor, notice_id: UUID, seen: int) -> Any:
    row = managed(actor, notice_id)
    if row.version != seen:
        raise Stale
    return row


def readable(actor: Actor, notice_id: UUID) -> Any:
    """Return a published notice to one of the actor's areas.

    Raises:
        NotFound: there is none.
    """
    row = queries.one_readable(actor, notice_id)
    if row is None:
        raise NotFound
    return row


def mark_read(actor: Actor, notice_id: UUID) -> None:
    """Record that the actor has read a notice; a repeat changes nothing.

    Raises:
        NotFound: there is none for the actor.
    """
    row = readable(actor, notice_id)
    with transaction():
        values = {"me": actor.account_id, "seq": row.publish_seq, "now": clock.now()}
        write(READ, values)
