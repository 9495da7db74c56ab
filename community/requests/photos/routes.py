"""Photos of a request over HTTP."""

from typing import Any
from uuid import UUID

from app.files.examples import ID as PHOTO_ID
from app.files.examples import PHOTO
from app.files.refusals import FileUnknown
from app.http.guard import current_actor
from app.http.idempotency import idempotent
from community.requests.edge import requests
from community.requests.photos import service
from community.requests.photos.refusals import PhotosClosed, TooManyPhotos
from community.requests.photos.schemas import Named, PhotosShape
from community.requests.refusals import NotYours

EXAMPLE = {
    "items": [
        {**PHOTO, "side": "filer", "mine": True, "added_at": "2026-11-23T01:00:00+00:00"},
    ]
}


@requests.get("/<uuid:id>/photos")
@requests.answer(200, PhotosShape, example=EXAMPLE)
def list_photos(id: UUID) -> dict[str, Any]:  # noqa: A002  the name of the path's parameter
    """List the photos of a request in the caller's sight, with links that hold for five minutes."""
    return {"items": service.photos(current_actor(), id)}


@requests.post("/<uuid:id>/photos")
@idempotent
@requests.refuses(FileUnknown, NotYours, PhotosClosed, TooManyPhotos)
@requests.body(Named, example={"photos": [PHOTO_ID]})
@requests.answer(201, PhotosShape, example=EXAMPLE)
def add_photos(id: UUID, body: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """Add photos that the caller has uploaded to an open request that they filed or work on."""
    return {"items": service.add_photos(current_actor(), id, body["photos"])}


@requests.delete("/<uuid:id>/photos/<uuid:photo>")
@requests.refuses(NotYours, PhotosClosed)
@requests.answer(204)
def remove_photo(id: UUID, photo: UUID) -> None:  # noqa: A002
    """Take away a photo that the caller added, while the request is open."""
    service.remove_photo(current_actor(), id, photo)
