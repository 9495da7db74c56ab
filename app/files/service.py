"""Keeping what is uploaded: judged by its content, cleaned, stored, and known by the client's id.

The store is announced to the database before a byte is written there, and written before a file
refers to it; so whatever dies on the way leaves a row that housekeeping finds. None of this holds
a transaction open while a picture is decoded or a store is spoken to.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app import clock
from app.database import transaction, write
from app.errors import Unavailable
from app.files import queries
from app.files.cleaning.documents import clean_document
from app.files.cleaning.pictures import clean_image
from app.files.kinds import JPEG, KIND_OF, LARGEST, MEBIBYTE, Kind, media_type_of
from app.files.links import FULL, THUMBNAIL
from app.files.refusals import (
    FileIdTaken,
    FileTypeRefused,
    FileUnknown,
    TooManyUploads,
)
from app.files.sealing import FileKey, key_of
from app.files.shelf import shelf
from app.files.stores import BlobMissing, StoreAway
from app.http.refusals import BodyTooLarge
from app.policy import Actor
from app.privacy import audit, vault

WINDOW = timedelta(hours=1)

ANNOUNCE = """
INSERT INTO stored_blob (digest, size, touched_at) VALUES (%(digest)s, %(size)s, now())
ON CONFLICT (digest) DO UPDATE SET touched_at = now() WHERE stored_blob.doomed_at IS NULL
RETURNING refs
"""

COUNT = "UPDATE stored_blob SET refs = refs + 1, touched_at = now() WHERE digest = %(digest)s"

KEEP = """
INSERT INTO stored_file (id, kind, media_type, digest, thumbnail, size, width, height,
  uploaded_by, uploaded_at, source, key_sealed)
VALUES (%(id)s, %(kind)s, %(media_type)s, %(digest)s, %(thumbnail)s, %(size)s, %(width)s,
  %(height)s, %(me)s, now(), %(source)s, %(key)s)
ON CONFLICT (id) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class _Clean:
    """What is stored of an upload."""

    media_type: str
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None


def keep_file(actor: Actor, file_id: UUID, content: bytes, kind: Kind) -> Any:
    """Clean and keep an upload under the id that the client drew; return its row.

    The same content under the same id again is the same file.

    Raises:
        BodyTooLarge, FileTypeRefused, ImageRefused, DocumentRefused: it is not taken.
        FileIdTaken: another file has the id.
        TooManyUploads: the account has uploaded its share for this hour.
        Unavailable: the store does not answer, or is cleaning up these very bytes.
    """
    source = vault.fingerprint(content)
    row = queries.one(file_id)
    if row is None:
        row = _kept(actor, file_id, _judged(actor, content, kind), source)
    if row.uploaded_by != actor.account_id or bytes(row.source) != source or row.kind != kind:
        raise FileIdTaken
    return row


def _judged(actor: Actor, content: bytes, kind: Kind) -> _Clean:
    may = shelf.settings
    if len(content) > (largest := min(may.upload_mebibytes * MEBIBYTE, LARGEST)):
        raise BodyTooLarge(limit=largest)
    media_type = media_type_of(content)
    if media_type is None or KIND_OF[media_type] != kind:
        raise FileTypeRefused
    if queries.uploaded_since(actor.account_id, clock.now() - WINDOW) >= may.uploads_an_hour:
        raise TooManyUploads(retry_after=int(WINDOW.total_seconds()) // 4)
    if kind == Kind.DOCUMENT:
        return _Clean(media_type, clean_document(content))
    clean = clean_image(content, may.photo_megapixels * 1_000_000, may.photo_side)
    return _Clean(JPEG, clean.content, clean.thumbnail, clean.width, clean.height)


def _kept(actor: Actor, file_id: UUID, clean: _Clean, source: bytes) -> Any:
    key, thumbnail = FileKey(file_id), None
    digest = stored(key.seal(FULL, clean.content))
    if clean.thumbnail is not None:
        thumbnail = stored(key.seal(THUMBNAIL, clean.thumbnail))
    whose = key.of(actor.account_id)  # before the deed: a first key of a person is written apart
    with transaction():
        values = {
            "id": file_id,
            "kind": KIND_OF[clean.media_type],
            "media_type": clean.media_type,
            "digest": digest,
            "thumbnail": thumbnail,
            "size": len(clean.content),
            "width": clean.width,
            "height": clean.height,
            "me": actor.account_id,
            "source": source,
            "key": whose,
        }
        if write(KEEP, values):
            for each in filter(None, (digest, thumbnail)):
                write(COUNT, {"digest": each})
            audit(actor.account_id, "file-uploaded", "file", file_id, bytes=len(clean.content))
        return queries.one(file_id)


def stored(content: bytes) -> str:
    """Announce and store bytes; return the name under which they are found."""
    digest = hashlib.sha256(content).hexdigest()
    with transaction():
        if not write(ANNOUNCE, {"digest": digest, "size": len(content)}):
            raise Unavailable  # these very bytes are being deleted: a moment later they are new
    try:
        shelf.store.put(digest, content)
    except StoreAway as fault:
        raise Unavailable from fault
    return digest


def read_file(file_id: UUID, variant: str) -> tuple[str, bytes]:
    """Return the media type and the bytes of a file; whoever calls has checked the right to it.

    Raises:
        FileUnknown: there is none, its bytes are lost, or whose it was has closed the account.
        Unavailable: the store does not answer.
    """
    row = queries.one(file_id)
    if row is None:
        raise FileUnknown
    digest = row.thumbnail if variant == THUMBNAIL else row.digest
    if digest is None:
        raise FileUnknown
    try:
        content = shelf.store.get(digest)
    except BlobMissing as fault:
        raise FileUnknown from fault
    except StoreAway as fault:
        raise Unavailable from fault
    if row.key_sealed is None:
        return row.media_type, content
    return row.media_type, key_of(row).open(variant, content)
