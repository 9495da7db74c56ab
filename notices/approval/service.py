"""Submitting, approving, returning, publishing and withdrawing, each by whom it may be."""

from typing import Any
from uuid import UUID

from app import clock
from app.database import read, transaction, write
from app.errors import Stale
from app.files.uses import drop_uses
from app.policy import Actor
from app.privacy import audit
from notices.approval.publishing import publish_now, take_back
from notices.audience.reached import parameters
from notices.audience.reckoning import anybody
from notices.audience.resolving import resolve
from notices.editing.composing import check_times
from notices.editing.service import as_seen
from notices.model.attachments import SUBJECT
from notices.model.history import record
from notices.model.lifecycle import Priority, State, Step, step
from notices.model.refusals import NobodyReached, SecondPersonNeeded

WROTE = """
SELECT EXISTS (SELECT FROM notice_version WHERE notice_id = %(id)s AND account_id = %(me)s
  AND step IN ('draft', 'edit', 'correct', 'submit')) AS wrote
"""

MOVE = """
UPDATE notice SET state = %(state)s, version = version + 1,
  submitted_by = CASE WHEN %(step)s = 'submit' THEN %(me)s ELSE submitted_by END,
  approved_by = CASE WHEN %(step)s IN ('approve', 'schedule') THEN %(me)s
                     WHEN %(step)s IN ('submit', 'return') THEN NULL ELSE approved_by END,
  ended_at = CASE WHEN %(step)s = 'withdraw' THEN %(now)s ELSE ended_at END
WHERE id = %(id)s AND version = %(seen)s RETURNING 1
"""


def submit(actor: Actor, notice_id: UUID, seen: int) -> None:
    """Ask a second person to approve a draft.

    Raises:
        NobodyReached: its audience matches nobody today.
        ExpiryRefused, ExpiryBeforeStart, StartRefused, AnswerByRefused: the times do not fit.
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
    """
    with transaction():
        row = as_seen(actor, notice_id, seen)
        to = step(State(row.state), Step.SUBMIT, Priority(row.priority))
        check_times(row._asdict(), clock.now())
        _somebody(row)
        _move(actor, row, Step.SUBMIT, to)


def approve(actor: Actor, notice_id: UUID, seen: int) -> None:
    """Approve what somebody else wrote; with a time to be published at, it is scheduled for it.

    Raises:
        SecondPersonNeeded: the actor wrote or submitted it.
        StartRefused: the time of publication has passed while it waited.
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
    """
    with transaction():
        row = as_seen(actor, notice_id, seen)
        wanted = Step.SCHEDULE if row.publish_at else Step.APPROVE
        to = step(State(row.state), wanted, Priority(row.priority))
        _second_person(actor, notice_id)
        check_times(row._asdict(), clock.now())
        _move(actor, row, wanted, to)


def send_back(actor: Actor, notice_id: UUID, seen: int, reason: str) -> None:
    """Return a notice to whoever wrote it, with the reason.

    Raises:
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
    """
    with transaction():
        row = as_seen(actor, notice_id, seen)
        to = step(State(row.state), Step.RETURN, Priority(row.priority))
        _move(actor, row, Step.RETURN, to, reason)


def publish(actor: Actor, notice_id: UUID, seen: int) -> None:
    """Publish what was approved, or an emergency that somebody else wrote, at once.

    Raises:
        SecondPersonNeeded: it is not approved, and the actor wrote or submitted it.
        AreaNotYours, OutlineRefused: its places, found anew, lie in the actor's area no more.
        NobodyReached, ExpiryRefused, AnswerByRefused: nobody would see it, or not in time.
        NoticeStepRefused, Stale, NotFound: it cannot be, has changed, or is not the actor's.
    """
    with transaction():
        row = as_seen(actor, notice_id, seen)
        step(State(row.state), Step.PUBLISH, Priority(row.priority))
        if row.approved_by is None:
            _second_person(actor, notice_id)
        now = clock.now()
        check_times(row._asdict(), now, at_once=True)
        found = resolve(actor, row.audience)
        _somebody(found)
        publish_now(row, found, actor.account_id, now)
        audit(actor.account_id, "notice-publish", "notice", notice_id, areas=found.area_codes[:50])


def withdraw(actor: Actor, notice_id: UUID, seen: int) -> None:
    """Withdraw a draft, or what was published: it leaves every inbox and every search at once.

    Also what has expired: until then it can be found, and its files be opened.

    Raises:
        NoticeStepRefused, Stale, NotFound: it is withdrawn, has changed, or is not the actor's.
    """
    with transaction():
        row = as_seen(actor, notice_id, seen)
        to = step(State(row.state), Step.WITHDRAW, Priority(row.priority))
        if row.publish_seq is not None:
            take_back(row, to, Step.WITHDRAW, actor.account_id, clock.now())
            audit(actor.account_id, "notice-withdraw", "notice", notice_id)
        else:  # it was never published: its files go
            _move(actor, row, Step.WITHDRAW, to)
            drop_uses(SUBJECT, notice_id)


def _move(actor: Actor, row: Any, taken: Step, to: State, reason: str | None = None) -> None:
    now, me = clock.now(), actor.account_id
    about = {"id": row.id, "seen": row.version, "state": to, "step": taken, "me": me, "now": now}
    if not write(MOVE, about):
        raise Stale
    record(row.id, row.version + 1, taken, to, now, by=me, reason=reason)
    audit(me, f"notice-{taken}", "notice", row.id)


def _second_person(actor: Actor, notice_id: UUID) -> None:
    if read(WROTE, {"id": notice_id, "me": actor.account_id})[0].wrote:
        raise SecondPersonNeeded


def _somebody(row: Any) -> None:
    if not anybody(parameters(row.places, int(row.people), row.matters)):
        raise NobodyReached
