"""Reading requests over HTTP."""

from typing import Any
from uuid import UUID

from app.database import CursorRefused, Page
from app.http.guard import current_actor
from app.http.shapes import PageQuery
from community.requests import examples, queries
from community.requests.edge import Answer, requests, shown
from community.requests.schemas import MineQuery, RequestDetail, RequestPage
from community.requests.view import show


@requests.get("/mine")
@requests.refuses(CursorRefused)
@requests.query(MineQuery)
@requests.answer(200, RequestPage, example=examples.PAGE)
def list_mine(query: dict[str, Any]) -> Page[Any]:
    """List the requests that the caller filed, or that their household shares, newest first."""
    listed = queries.of_household if query.pop("whose") == "household" else queries.mine
    return listed(current_actor(), **query)


@requests.get("/work")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, RequestPage, example=examples.PAGE)
def list_work(query: dict[str, Any]) -> Page[Any]:
    """List what the caller may claim or holds, the next deadline first."""
    return queries.work(current_actor(), **query)


@requests.get("/<uuid:id>")
@requests.answer(200, RequestDetail, example=examples.DETAIL)
def show_request(id: UUID) -> Answer:  # noqa: A002  the name of the path's parameter
    """Show a request with its words and timeline."""
    return shown(show(current_actor(), id))
