"""Files over HTTP: uploaded under an id that the client drew, read by links that run out."""

from typing import Any
from uuid import UUID

from flask import Response

from app.files import service
from app.files.examples import PHOTO
from app.files.kinds import JPEG, LARGEST, PDF, PNG, WEBP, Kind
from app.files.links import check_link
from app.files.refusals import (
    DocumentRefused,
    FileIdTaken,
    FileTypeRefused,
    FileUnknown,
    ImageRefused,
    LinkExpired,
    TooManyUploads,
)
from app.files.schemas import FileShape, LinkQuery
from app.files.views import shown
from app.http.blueprint import Blueprint
from app.http.guard import current_actor
from app.policy import Role, Rows, Scope

files = Blueprint("files", __name__, url_prefix="/api/v1/files", description="文件 · Files")

SELF = Scope.SELF
POLICY: Rows = {
    ("files.upload_photo", "PUT"): {Role.RESIDENT: SELF},
    ("files.upload_document", "PUT"): {
        Role.DISTRICT_STAFF: SELF,
        Role.DESK_CLERK: SELF,
        Role.DEPARTMENT_HANDLER: SELF,
    },
    ("files.read_file", "GET"): {Role.ANYONE: Scope.PUBLIC},  # whoever has a signed link
}

# Whatever a reader takes the bytes for: they run nothing, frame nothing, and are not kept.
HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}


@files.put("/photos/<uuid:id>")
@files.refuses(FileTypeRefused, ImageRefused, FileIdTaken, FileUnknown, TooManyUploads)
@files.content(JPEG, PNG, WEBP, most=LARGEST)
@files.answer(201, FileShape, example=PHOTO)
def upload_photo(id: UUID, content: bytes) -> dict[str, Any]:  # noqa: A002  the path's parameter
    """Upload a photo under an id that the caller drew (UUID version 7), to name it later.

    The same again is the same photo. What is kept is drawn anew: no place, time or camera is left
    in it. A photo that nothing refers to is dropped after a day.
    """
    return shown(service.keep_file(current_actor(), id, content, Kind.IMAGE))


@files.put("/documents/<uuid:id>")
@files.refuses(FileTypeRefused, DocumentRefused, FileIdTaken, FileUnknown, TooManyUploads)
@files.content(PDF, most=LARGEST)
@files.answer(201, FileShape, example=PHOTO)
def upload_document(id: UUID, content: bytes) -> dict[str, Any]:  # noqa: A002
    """Upload a document (PDF) under an id that the caller drew, to name it later.

    What is kept is written anew: its pages, and nothing of who made it, when and with what; files
    that it carries, scripts and what begins by itself are gone.
    """
    return shown(service.keep_file(current_actor(), id, content, Kind.DOCUMENT))


@files.get("/<uuid:id>/<any(full, thumbnail):variant>")
@files.refuses(LinkExpired, FileUnknown)
@files.query(LinkQuery)
@files.binary(JPEG, PDF)
def read_file(id: UUID, variant: str, query: dict[str, Any]) -> Response:  # noqa: A002
    """Read a file by a link that was given to somebody in whose sight it is."""
    check_link(id, variant, **query)
    return answered(id, *service.read_file(id, variant))


def answered(file_id: UUID, media_type: str, content: bytes) -> Response:
    """Return a file as it is answered to whoever may have it, by whatever way they came."""
    response = Response(content, content_type=media_type)
    ending = "pdf" if media_type == PDF else "jpg"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_id}.{ending}"'
    response.headers.update(HARMLESS)
    return response
