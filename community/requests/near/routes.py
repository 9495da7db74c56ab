"""Looking at requests by place, and at what changed in a list, over HTTP."""

from typing import Any

import orjson
from flask import Response

from app.database import CursorRefused, Page
from app.http.blueprint import JSON
from app.http.guard import current_actor
from community.requests.edge import requests
from community.requests.examples import NEAR
from community.requests.near import examples, places
from community.requests.near.asking import box_of, wanted_of
from community.requests.near.changes import Changes, changes
from community.requests.near.counting import counts
from community.requests.near.refusals import BoxRefused
from community.requests.near.schemas import (
    ChangesQuery,
    ChangesShape,
    ClusterPage,
    ClusterQuery,
    PlaceQuery,
    RequestAroundPage,
)
from community.requests.schemas import PublicRequestPage


@requests.get("")
@requests.refuses(CursorRefused, BoxRefused)
@requests.query(PlaceQuery)
@requests.answer(200, PublicRequestPage, example=NEAR)
def list_near(query: dict[str, Any]) -> Response:
    """List the open requests near a place or in a box, nearest first: the public view."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    page = places.near(wanted_of(query), cursor, limit)
    # From rows to bytes: a test holds this against the documented shape.
    return Response(orjson.dumps({"items": page.items, "next": page.next}), content_type=JSON)


@requests.get("/clusters")
@requests.refuses(BoxRefused)
@requests.query(ClusterQuery)
@requests.answer(200, ClusterPage, example=examples.CLUSTERS)
def list_clusters(query: dict[str, Any]) -> Response:
    """Count the open requests of a box in clusters for a map; at most five seconds old."""
    box = box_of(query.pop("bbox"), query.pop("crs"))
    return Response(orjson.dumps(counts.clusters(box, **query)), content_type=JSON)


@requests.get("/around")
@requests.refuses(CursorRefused, BoxRefused)
@requests.query(PlaceQuery)
@requests.answer(200, RequestAroundPage, example=examples.AROUND)
def list_around(query: dict[str, Any]) -> Page[Any]:
    """List the open requests in the caller's sight near a place, nearest first, where they are."""
    cursor, limit = query.pop("cursor"), query.pop("limit")
    return places.around(current_actor(), wanted_of(query), cursor, limit)


@requests.get("/work/changes")
@requests.refuses(CursorRefused)
@requests.query(ChangesQuery)
@requests.answer(200, ChangesShape, example=examples.CHANGES)
def list_changes(query: dict[str, Any]) -> Changes:
    """Tell what changed in the caller's list of work since they last asked, and what left it."""
    return changes(current_actor(), **query)
