"""Supervision over HTTP."""

from typing import Any

from app.database import CursorRefused, Page
from app.http.guard import current_actor
from community.requests import examples
from community.requests.edge import requests
from community.requests.schemas import RequestPage
from community.requests.supervision import service
from community.requests.supervision.schemas import RungQuery

__all__ = ["requests"]


@requests.get("/supervised")
@requests.refuses(CursorRefused)
@requests.query(RungQuery)
@requests.answer(200, RequestPage, example=examples.PAGE)
def list_supervised(query: dict[str, Any]) -> Page[Any]:
    """List the open cases that climbed the ladder of supervision, the oldest deadline first."""
    return service.supervised(current_actor(), **query)
