"""Reading requests over HTTP."""

from typing import Any
from uuid import UUID

import orjson
from flask import Response

from app.database import CursorRefused, Page
from app.http.blueprint import JSON
from app.http.guard import current_actor
from app.http.places import wgs84_of
from app.http.shapes import PageQuery
from community.requests import examples, queries
from community.requests.edge import Answer, requests, shown
from community.requests.schemas import (
    NearRequestQuery,
    PublicRequestPage,
    RequestDetail,
    RequestPage,
)
from community.requests.view import show


@requests.get("")
@requests.refuses(CursorRefused)
@requests.query(NearRequestQuery)
@requests.answer(200, PublicRequestPage, example=examples.NEAR)
def list_near(query: dict[str, Any]) -> Response:
    """List the open requests near a place, nearest first: the public view."""
    here = wgs84_of(query.pop("near"), query.pop("crs"))
    page = queries.near(here, **query)
    # From rows to bytes: a test holds this against the documented shape.
    return Response(orjson.dumps({"items": page.items, "next": page.next}), content_type=JSON)


@requests.get("/mine")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, RequestPage, example=examples.PAGE)
def list_mine(query: dict[str, Any]) -> Page[Any]:
    """List the requests that the caller filed, the newest first."""
    return queries.mine(current_actor(), **query)


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
