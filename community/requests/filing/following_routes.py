"""Before filing, and following, over HTTP; and the slip that somebody takes home."""

from typing import Any
from uuid import UUID

from flask import Response

from app.database import CursorRefused, Page
from app.http.guard import current_actor
from app.http.pages import page, wants_page
from app.http.places import wgs84_of
from app.http.shapes import PageQuery
from community.requests import examples
from community.requests.edge import requests
from community.requests.filing import following
from community.requests.filing.following_schemas import (
    FollowingPage,
    SimilarList,
    SimilarQuery,
    Slip,
)
from community.requests.filing.slips import slip_of
from community.requests.refusals import MatterUnknown


@requests.get("/similar")
@requests.refuses(MatterUnknown)
@requests.query(SimilarQuery)
@requests.answer(200, SimilarList, example=examples.SIMILAR)
def list_similar(query: dict[str, Any]) -> dict[str, Any]:
    """List open requests of the same matter near the place, to follow instead of filing again."""
    here = wgs84_of(query["near"], query["crs"])
    return {"items": following.similar(here, query["matter"])}


@requests.post("/<uuid:id>/follow")
@requests.answer(204)
def follow_request(id: UUID) -> None:  # noqa: A002  the name of the path's parameter
    """Follow a request; it does no harm to do so again."""
    following.follow(current_actor(), id)


@requests.delete("/<uuid:id>/follow")
@requests.answer(204)
def unfollow_request(id: UUID) -> None:  # noqa: A002
    """Follow a request no more."""
    following.unfollow(current_actor(), id)


@requests.get("/following")
@requests.refuses(CursorRefused)
@requests.query(PageQuery)
@requests.answer(200, FollowingPage, example=examples.FOLLOWING)
def list_following(query: dict[str, Any]) -> Page[Any]:
    """List what the caller follows; of a request that was merged, what becomes of its master."""
    return following.following(current_actor(), **query)


@requests.get("/<uuid:id>/slip")
@requests.answer(200, Slip, example=examples.SLIP)
def print_slip(id: UUID) -> dict[str, str] | Response:  # noqa: A002
    """Print the slip of a request: its number, deadline and QR code, for 80 mm paper or A4.

    Whoever accepts ``text/html`` rather than JSON gets the page itself.
    """
    slip = slip_of(current_actor(), id)
    return page(slip["html"]) if wants_page() else slip
