"""What is due: scheduled notices are published in time, and what has expired is laid aside."""

import logging
from typing import Any

from app import clock
from app.database import transaction, write
from app.errors import Refusal
from app.identity.actors import absent
from app.privacy import audit
from app.sync import Event, tell
from app.worker import Sweep
from notices.approval.publishing import publish_now, take_back
from notices.audience.resolving import resolve
from notices.editing.queries import COLUMNS
from notices.model.history import record
from notices.model.lifecycle import State, Step

log = logging.getLogger("linli.notices")

BATCH = 20

DUE = f"""
SELECT {COLUMNS} FROM notice n WHERE n.state = 'scheduled' AND n.publish_at <= %(now)s
ORDER BY n.publish_at, n.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""  # noqa: S608  constants of ours

OVER = f"""
SELECT {COLUMNS} FROM notice n WHERE n.state = 'published' AND n.expires_at <= %(now)s
ORDER BY n.expires_at, n.id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
"""  # noqa: S608  constants of ours

MISSED = """
UPDATE notice SET state = %(state)s, version = version + 1, ended_at = %(ended)s,
  approved_by = NULL WHERE id = %(id)s
"""


def publish_due() -> int:
    """Publish one scheduled notice whose time has come; its number is given now.

    Whoever approved it set it free, so its places must lie in the area that is theirs today. Where
    they do not, or cannot be found, it goes back to its writer, and the district is told.
    """
    now = clock.now()
    with transaction():
        rows = write(DUE, {"now": now})
        for row in rows:
            if row.expires_at and row.expires_at <= now:  # the worker stood still for too long
                _put(row, State.EXPIRED, Step.EXPIRE, "expiry-in-the-past")
                continue
            try:
                publish_now(row, resolve(absent(row.approved_by), row.audience), None, now)
            except Refusal as refusal:  # nothing is written before places are found anew
                log.warning("notice %s cannot be published: %s", row.id, refusal.slug)
                _put(row, State.RETURNED, Step.RETURN, refusal.slug)
    return len(rows)


def lay_aside() -> int:
    """End published notices whose time is over: from now on they are found by looking for them."""
    now = clock.now()
    with transaction():
        rows = write(OVER, {"now": now, "batch": BATCH})
        for row in rows:
            take_back(row, State.EXPIRED, Step.EXPIRE, None, now)
    return int(len(rows) == BATCH)


def _put(row: Any, state: State, taken: Step, reason: str) -> None:
    now = clock.now()
    ended = now if state is State.EXPIRED else None
    write(MISSED, {"id": row.id, "state": state, "ended": ended})
    version = row.version + 1
    record(row.id, version, taken, state, now, by=None, reason=reason)
    audit(None, "notice-not-published", "notice", row.id, reason=reason)
    facts = {"title": row.title, "publish_at": row.publish_at, "reason": reason}
    tell(Event("notice-not-published", "notice", row.id, facts))


SCHEDULE = Sweep("scheduled notices", publish_due, every=5)
EXPIRY = Sweep("expired notices", lay_aside, every=10)
