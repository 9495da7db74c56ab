"""Adding, showing and taking away photos; who may see a request sees its photos, and nobody else.

The public view has none, whatever the request: nobody has looked at them, and a photo of a
stairwell shows more of a person than a place rounded to 100 m.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.database import transaction, write
from app.errors import NotFound
from app.files import queries as files
from app.files.shelf import shelf
from app.files.uses import drop_uses, use_files
from app.files.views import shown
from app.policy import Actor
from community.requests import queries
from community.requests.events import done
from community.requests.lifecycle import OPEN, State
from community.requests.photos.refusals import PhotosClosed, TooManyPhotos
from community.requests.photos.sides import Side, side_of
from community.requests.policy import holds, may_work
from community.requests.refusals import NotYours
from community.requests.steps_taken import seen

PHOTO = "request"
DISPUTED = "request-dispute"
ADDED, REMOVED = "photo", "photo-removed"

LOCK = "SELECT 1 FROM service_request WHERE id = %(id)s FOR NO KEY UPDATE"


def photos(actor: Actor, request_id: UUID) -> list[dict[str, Any]]:
    """Return the photos of a request in the actor's sight, the first first.

    Raises:
        NotFound: there is none in their sight.
    """
    return _shown(actor, seen(actor, request_id))


def add_photos(actor: Actor, request_id: UUID, named: Sequence[UUID]) -> list[dict[str, Any]]:
    """Add photos that the actor uploaded; those that are there already stay.

    Raises:
        NotFound, NotYours: it is out of sight, or the actor neither filed it nor works on it.
        PhotosClosed, TooManyPhotos: it is closed, or has as many as their side may have.
        FileUnknown: a photo is not there, or not theirs.
    """
    row = seen(actor, request_id)
    theirs = actor.account_id in (row.account_id, row.filed_by) or holds(actor, row)
    if not theirs and not may_work(actor, row):
        raise NotYours
    if State(row.state) not in OPEN:
        raise PhotosClosed
    with transaction():
        _add(actor, row, named)
        return _shown(actor, row)


def photos_of_filing(actor: Actor, request_id: UUID, named: Sequence[UUID]) -> None:
    """Add the photos that a filing names, in its deed; a repeat adds none twice.

    Raises:
        TooManyPhotos, FileUnknown: as above.
    """
    if named:
        _add(actor, queries.whatever(actor, request_id), named)


def _add(actor: Actor, row: Any, named: Sequence[UUID]) -> None:
    write(LOCK, {"id": row.id})
    there = files.used_by(PHOTO, [row.id])
    fresh = [key for key in dict.fromkeys(named) if key not in {photo.id for photo in there}]
    if not fresh:
        return
    side = side_of(row, actor.account_id)
    beside = sum(side_of(row, photo.uploaded_by) == side for photo in there)
    most = _most(side)
    if beside + len(fresh) > most:
        raise TooManyPhotos(most=most)
    use_files(actor, PHOTO, row.id, fresh, whose=row.account_id)
    done(actor, row.id, ADDED, n=len(fresh), side=str(side))


def _most(side: Side) -> int:
    may = shelf.settings
    return may.photos_of_filer if side == Side.FILER else may.photos_of_staff


def remove_photo(actor: Actor, request_id: UUID, file_id: UUID) -> None:
    """Take away a photo that the actor added, while the request is open.

    Raises:
        NotFound, NotYours, PhotosClosed: it is not there, another's, or the request is closed.
    """
    row = seen(actor, request_id)
    photo = next((each for each in files.used_by(PHOTO, [row.id]) if each.id == file_id), None)
    if photo is None:
        raise NotFound
    if photo.uploaded_by != actor.account_id:
        raise NotYours
    if State(row.state) not in OPEN:
        raise PhotosClosed
    with transaction():
        drop_uses(PHOTO, row.id, [file_id])
        done(actor, row.id, REMOVED, side=str(side_of(row, actor.account_id)))


def _shown(actor: Actor, row: Any) -> list[dict[str, Any]]:
    found = [
        (photo, side_of(row, photo.uploaded_by)) for photo in files.used_by(PHOTO, [row.id])
    ] + [(photo, Side.NEIGHBOUR) for photo in files.used_by(DISPUTED, [row.id])]
    return [
        {
            **shown(photo),
            "side": str(side),
            "mine": photo.uploaded_by == actor.account_id,
            "added_at": photo.used_at,
        }
        for photo, side in found
    ]
