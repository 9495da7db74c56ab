"""What is stored, under which name it is known, and who refers to it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, PrimaryKeyConstraint, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal, personal


class StoredBlob(Model):
    """Sealed bytes in the store, known by their SHA-256: announced here, then written there.

    ``refs`` counts the files that consist of them. A blob without one is doomed after a day and
    then deleted; a doomed one takes no new file.
    """

    __tablename__ = "stored_blob"
    __table_args__ = (Index("ix_stored_blob_unused", "touched_at", postgresql_where="refs = 0"),)

    digest: Mapped[str] = internal(Text, primary_key=True)
    size: Mapped[int] = internal(BigInteger)
    refs: Mapped[int] = internal(Integer, server_default="0")
    touched_at: Mapped[datetime] = internal()
    doomed_at: Mapped[datetime | None] = internal()


class StoredFile(Model):
    """A file as somebody uploaded it, after cleaning; the client drew its id.

    Its bytes are sealed under ``key_sealed``, the key under that of whose it is: at first whoever
    uploaded it, then the person of the case that refers to it. Only files from before that was
    so have none. ``source`` is the keyed fingerprint of what was uploaded, by which a repeat is
    told from another file.
    ``uses`` counts what refers to it; a file that nothing refers to is dropped after a day.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_unused", "uploaded_at", postgresql_where="uses = 0"),
        Index("ix_stored_file_plain", "id", postgresql_where="key_sealed IS NULL"),
        Index("ix_stored_file_uploaded_by", "uploaded_by", "uploaded_at"),
    )

    id: Mapped[UUID] = internal(primary_key=True)
    kind: Mapped[str] = internal(Text)
    media_type: Mapped[str] = internal(Text)
    digest: Mapped[str] = internal(Text)
    thumbnail: Mapped[str | None] = internal(Text)
    size: Mapped[int] = internal(BigInteger)
    width: Mapped[int | None] = internal(Integer)
    height: Mapped[int | None] = internal(Integer)
    uploaded_by: Mapped[UUID] = internal()
    uploaded_at: Mapped[datetime] = internal()
    source: Mapped[bytes] = personal()
    key_sealed: Mapped[bytes | None] = personal()
    uses: Mapped[int] = internal(Integer, server_default="0")


class FileUse(Model):
    """Something that refers to a file: a request's photo, a notice's attachment."""

    __tablename__ = "file_use"
    __table_args__ = (
        PrimaryKeyConstraint("subject_kind", "subject_id", "file_id"),
        Index("ix_file_use_file", "file_id"),
    )

    file_id: Mapped[UUID] = internal()
    subject_kind: Mapped[str] = internal(Text)
    subject_id: Mapped[UUID] = internal()
    used_at: Mapped[datetime] = internal()
