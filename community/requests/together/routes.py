"""Helping departments over HTTP."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.errors import Stale
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from app.http.shapes import PageQuery
from app.http.versions import version_seen, versioned
from community.requests import examples
from community.requests.edge import requests
from community.requests.lifecycle import StepRefused
from community.requests.refusals import NotYours, TaskOver, UnitUnknown
from community.requests.together import service
from community.requests.together.schemas import (
    NewTask,
    TaskAnswer,
    TaskCancelled,
    TaskList,
    TaskPage,
)

Parts = dict[str, list[dict[str, Any]]]


@requests.post("/<uuid:id>/tasks")
@idempotent
@versioned
@requests.refuses(NotYours, StepRefused, UnitUnknown)
@requests.body(NewTask, example={"department": "HOU", "asked": "请核查路面权属"})
@requests.answer(201, TaskList, example={"items": [examples.TASK]})
def ask_help(id: UUID, body: dict[str, Any]) -> Parts:  # noqa: A002  the name in the path
    """Ask a department's help (吹哨); a mandatory part must be answered before settling."""
    return {"items": service.ask(current_actor(), id, version_seen(), **body)}


@requests.get("/<uuid:id>/tasks")
@requests.answer(200, TaskList, example={"items": [examples.TASK]})
def list_parts(id: UUID) -> Parts:  # noqa: A002
    """List what departments were asked for in a case."""
    return {"items": service.tasks(current_actor(), id)}


@requests.get("/tasks")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, TaskPage, example={"items": [examples.TASK], "next": None})
def list_tasks(query: dict[str, Any]) -> Page[Any]:
    """List what the caller's department is asked for, the most urgent first."""
    return service.open_tasks(current_actor(), **query)


@requests.post("/<uuid:id>/tasks/<uuid:task>/answer")
@idempotent
@requests.refuses(NotYours, StepRefused, TaskOver, Stale)
@requests.body(TaskAnswer, example={"words": "已核查,属市政道路,当日修补"})
@requests.answer(200, TaskList, example={"items": [examples.TASK]})
def answer_task(id: UUID, task: UUID, body: dict[str, Any]) -> Parts:  # noqa: A002
    """Answer what one's department was asked for."""
    return {"items": service.answer(current_actor(), id, task, **body)}


@requests.post("/<uuid:id>/tasks/<uuid:task>/cancellation")
@idempotent
@requests.refuses(NotYours, TaskOver, Stale)
@requests.body(TaskCancelled, example={"reason": "已自行解决"})
@requests.answer(200, TaskList, example={"items": [examples.TASK]})
def cancel_task(id: UUID, task: UUID, body: dict[str, Any]) -> Parts:  # noqa: A002
    """Ask a department no more."""
    return {"items": service.cancel(current_actor(), id, task, **body)}
