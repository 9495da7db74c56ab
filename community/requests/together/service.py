"""Departments that help (吹哨): asked for a part of a case, with a clock of their own."""

from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids

from app import clock
from app.database import Page, read, transaction, write
from app.errors import NotFound
from app.policy import Actor, Role
from app.privacy import vault
from community.requests.clock import running
from community.requests.dispatch.choosing import unit_named
from community.requests.events import done
from community.requests.lifecycle import Step, step
from community.requests.models import OPEN_STATES
from community.requests.policy import holds, is_staff_of, units_of
from community.requests.refusals import NotYours, TaskOver
from community.requests.steps_taken import put, seen, standing_of, take
from community.requests.urgent import urgent_first
from community.rules.stages import Stage

ASKED, ANSWERED = "request_task.asked", "request_task.answer"

ASK = """
INSERT INTO request_task (id, request_id, department_code, mandatory, asked_sealed, asked_by,
  asked_at, limit_count, limit_unit, due_at, provisional, calendar_version)
VALUES (%(id)s, %(request)s, %(department)s, %(mandatory)s, %(asked)s, %(me)s, %(now)s,
  %(limit_count)s, %(limit_unit)s, %(due_at)s, %(provisional)s, %(calendar_version)s)
"""
TASKS = "SELECT * FROM request_task WHERE request_id = %(id)s ORDER BY id LIMIT 100"
ANSWER = """
UPDATE request_task SET answer_sealed = %(answer)s, answered_by = %(me)s, answered_at = %(now)s
WHERE id = %(task)s AND answered_at IS NULL AND cancelled_at IS NULL RETURNING mandatory
"""
CANCEL = """
UPDATE request_task SET cancelled_at = %(now)s
WHERE id = %(task)s AND answered_at IS NULL AND cancelled_at IS NULL RETURNING mandatory
"""
MINE = f"""
SELECT t.*, r.number, r.matter_code FROM request_task t
JOIN service_request r ON r.id = t.request_id
WHERE t.answered_at IS NULL AND t.cancelled_at IS NULL AND t.department_code = ANY(%(units)s)
  AND r.{OPEN_STATES} AND (t.due_at, t.id) > (%(due)s::timestamptz, %(after)s::uuid)
ORDER BY t.due_at, t.id LIMIT %(limit)s
"""  # noqa: S608  constants of ours


def ask(
    actor: Actor, request_id: UUID, version: int, department: str, asked: str, mandatory: bool
) -> list[dict[str, Any]]:
    """Ask a department for its part of a case; return the parts as they stand.

    Raises:
        NotYours: the case is neither claimed by the actor nor in the area of their staff duty.
        UnitUnknown: there is no such department, or it has the case itself.
        Stale, StepRefused: it has changed, or nobody handles it.
    """
    key, now = uuids.uuid7(), clock.now()
    with transaction():
        row = seen(actor, request_id)
        step(standing_of(row), Step.ASK_HELP)
        if not holds(actor, row) and not is_staff_of(actor, row):
            raise NotYours
        unit_named(row, department)
        helpers = sorted({*row.helpers, department})
        take(row, Step.ASK_HELP, version, helpers=helpers, help_open=row.help_open + mandatory)
        due = running.term(row.matter_code, Stage.HELP, now, running.USUAL[Stage.HELP])
        about = {"id": key, "request": request_id, "department": department, "now": now}
        sealed = vault.seal_about(ASKED, key, asked, row.account_id)
        said = {"mandatory": mandatory, "asked": sealed, "me": actor.account_id}
        write(ASK, {**about, **due.columns, **said})
        facts = {"department": department, "mandatory": mandatory, "due": due.facts["due"]}
        done(actor, request_id, Step.ASK_HELP, asked, task=key, **facts)
    return tasks(actor, request_id)


def answer(actor: Actor, request_id: UUID, task: UUID, words: str) -> list[dict[str, Any]]:
    """Answer what one's department was asked for.

    Raises:
        NotYours: it was asked of another department.
        TaskOver: it is answered or cancelled.
    """
    with transaction():
        row, part = _part(actor, request_id, task)
        if part.department_code not in actor.departments_as(Role.DEPARTMENT_HANDLER):
            raise NotYours
        step(standing_of(row), Step.HELP)
        sealed = vault.seal_about(ANSWERED, task, words, row.account_id)
        about = {"task": task, "answer": sealed, "me": actor.account_id, "now": clock.now()}
        _close(row, write(ANSWER, about))
        late = clock.now() >= part.due_at
        done(actor, request_id, Step.HELP, words, department=part.department_code, late=late)
    return tasks(actor, request_id)


def cancel(actor: Actor, request_id: UUID, task: UUID, reason: str) -> list[dict[str, Any]]:
    """Ask a department no more.

    Raises:
        NotYours: the case is neither claimed by the actor nor in the area of their staff duty.
        TaskOver: it is answered or cancelled.
    """
    with transaction():
        row, part = _part(actor, request_id, task)
        if not holds(actor, row) and not is_staff_of(actor, row):
            raise NotYours
        _close(row, write(CANCEL, {"task": task, "now": clock.now()}))
        done(actor, request_id, "cancel-help", reason, department=part.department_code)
    return tasks(actor, request_id)


def tasks(actor: Actor, request_id: UUID) -> list[dict[str, Any]]:
    """Return the parts of a case that were asked of departments.

    Raises:
        NotFound: the case is out of sight.
    """
    seen(actor, request_id)
    return [_opened(row) for row in read(TASKS, {"id": request_id})]


def open_tasks(actor: Actor, cursor: str | None, limit: int) -> Page[Any]:
    """Return what the actor's departments are asked for and have not answered, by urgency."""
    about = {"units": list(units_of(actor))}
    page = urgent_first("tasks", MINE, about, cursor, limit, by=("due_at", "id"))
    return Page([_opened(row) for row in page.items], page.next)


def _part(actor: Actor, request_id: UUID, task: UUID) -> tuple[Any, Any]:
    row = seen(actor, request_id)
    found = [each for each in read(TASKS, {"id": request_id}) if each.id == task]
    if not found:
        raise NotFound
    return row, found[0]


def _close(row: Any, closed: list[Any]) -> None:
    if not closed:
        raise TaskOver
    put(row, row.version, help_open=row.help_open - closed[0].mandatory)


def _opened(row: Any) -> dict[str, Any]:
    return {
        **row._asdict(),
        "asked": vault.opened(ASKED, row.id, row.asked_sealed),
        "answer": vault.opened(ANSWERED, row.id, row.answer_sealed),
    }
