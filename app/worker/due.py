"""A row with a due time is the queue: claimed by SKIP LOCKED, held by a lease, guarded by a fence.

A worker that dies leaves its lease to run out and another takes the row up. A worker that was
only slow finds its fence overtaken and must drop what it did: ``finish``, ``retry``, ``park`` and
``release`` refuse it.
"""

import logging
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Integer, SmallInteger, func, select, text, update
from sqlalchemy.orm import Mapped, Session, declared_attr

from app.database import db, transaction
from app.privacy import internal

CHANNEL = "linli_work"
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
PATIENCE = 200  # tries, more than a week
OUT_OF_PATIENCE = "patience"

log = logging.getLogger("linli.worker")


class LeaseLost(Exception):
    """Another worker has taken this row since; what was done for it must not be recorded."""


class DueWork:
    """The columns of a table that is a queue. ``due_at`` NULL: nothing is due any more."""

    @declared_attr
    def due_at(self) -> Mapped[datetime | None]:
        """When it is due; indexed by the table where NOT NULL."""
        return internal()

    @declared_attr
    def tries(self) -> Mapped[int]:
        """How often it was claimed."""
        return internal(SmallInteger, default=0, server_default="0")

    @declared_attr
    def lease_until(self) -> Mapped[datetime | None]:
        """Until when its worker holds it."""
        return internal()

    @declared_attr
    def fence(self) -> Mapped[int]:
        """Grows with each claim; only the newest holder may write."""
        return internal(Integer, default=0, server_default="0")


W = TypeVar("W", bound=DueWork)


def claim(model: type[W], *conditions: Any, limit: int, lease: timedelta) -> Sequence[W]:
    """Take up to ``limit`` due rows, the oldest first, and commit the claim.

    ``conditions`` narrow what may be taken. Two workers never hold one row at the same time.
    """
    table: Any = model
    free = table.lease_until.is_(None) | (table.lease_until < func.now())
    due = (
        select(table.id)
        .where(table.due_at <= func.now(), free, *conditions)
        .order_by(table.due_at, table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")  # chosen once: a plan that asks again would take too many
    )
    with transaction() as session:
        taken = session.scalars(
            update(table)
            .where(table.id == due.c.id)
            .values(fence=table.fence + 1, tries=table.tries + 1, lease_until=func.now() + lease)
            .returning(table)
            .execution_options(populate_existing=True)
        ).all()
        for row in taken:  # it stands by itself: what is rolled back later does not reach it
            session.expunge(row)
    return sorted(taken, key=lambda row: row.due_at)


def deal_with_each(taken: Sequence[W], deal: Callable[[W], None]) -> int:
    """Deal with claimed rows one by one; one that fails is put back and holds up no other.

    After ``PATIENCE`` tries a row is parked for a person: nothing is due of it any more.
    """
    for work in taken:
        try:
            deal(work)
        except LeaseLost:
            log.warning("%s %s was taken over", type(work).__name__, _id(work))
        except Exception as fault:  # noqa: BLE001  one row must not hold up the others
            log.error("%s %s failed: %s", type(work).__name__, _id(work), type(fault).__name__)
            db.session.rollback()
            with suppress(LeaseLost):
                retry(work)
    return len(taken)


def _id(work: DueWork) -> object:
    row: Any = work
    return row.id


def finish(work: DueWork, **values: object) -> None:
    """Record that a claimed row is done, with ``values``, unless it was taken over meanwhile.

    Raises:
        LeaseLost: another worker holds the row.
    """
    _write(work, due_at=None, lease_until=None, **values)


def retry(work: DueWork, after: timedelta | None = None, **values: object) -> None:
    """Put a claimed row back, due after a wait that doubles with each try (at most an hour).

    ``after`` is what the other side asked us to wait: not before that, but no more than an hour.
    After ``PATIENCE`` tries it is parked instead.
    """
    if work.tries >= PATIENCE:
        park(work, OUT_OF_PATIENCE, **values)
        return
    usual = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(work.tries - 1, 12))
    jitter = random.uniform(0.5, 1.5)  # noqa: S311  spreads the herd, guards nothing
    wait = max(usual * jitter, min(after or timedelta(), LONGEST_WAIT))
    _write(work, due_at=func.now() + wait, lease_until=None, **values)


def park(work: DueWork, reason: str, **values: object) -> None:
    """Leave a claimed row to a person: nothing is due of it any more, and the log says so.

    A table that has the columns ``parked_at`` and ``refusal`` keeps when and why. ``reason`` is a
    code, never a value of the row.
    """
    log.error(
        "%s %s is parked after %d tries: %s", type(work).__name__, _id(work), work.tries, reason
    )
    kept = {"parked_at": func.now(), "refusal": reason} if hasattr(work, "refusal") else {}
    _write(work, due_at=None, lease_until=None, **kept, **values)


def put_off(work: DueWork, until: datetime, **values: object) -> None:
    """Put a claimed row off until a moment that we know: it was not tried, and no try counts."""
    _write(work, **{"tries": type(work).tries - 1, **values, "due_at": until, "lease_until": None})


def release(work: DueWork) -> None:
    """Put a claimed row back as it was: it was not tried, and so the try does not count."""
    _write(work, tries=type(work).tries - 1, lease_until=None)


def wake(session: Session, what: str) -> None:
    """Wake sleeping workers when the transaction commits."""
    session.execute(text("SELECT pg_notify(:channel, :what)"), {"channel": CHANNEL, "what": what})


def _write(work: DueWork, **values: object) -> None:
    table: Any = type(work)
    row: Any = work
    with transaction() as session:
        written = session.execute(
            update(table)
            .where(table.id == row.id, table.fence == row.fence)
            .values(**values)
            .returning(table.id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if written is None:
            raise LeaseLost
