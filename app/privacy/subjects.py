"""A data key for each person who uses the platform, wrapped by a key outside the database.

What the platform itself gathers about somebody (the words of a case, of a rating, the names of
devices, what the district is told of them) is sealed under the key of their account. When the key
is destroyed all of it is unreadable, wherever copies lie: in indexes, in dead rows, in backups
without this table. See docs/adr/0027.

A key is read once a request: with the caller, with the row that it belongs to, or by itself.
"""

import os
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import Mapped

from app.database import Model, apart, beyond, read
from app.privacy.columns import internal, secret
from app.privacy.keys import KeyDestroyed, SealBroken, SealingRing

KEY_BYTES = 32
SUBJECT_BYTES = 16

MAKE = """
INSERT INTO subject_key (subject, wrapped) VALUES (%(subject)s, %(wrapped)s)
ON CONFLICT DO NOTHING RETURNING 1
"""
READ = "SELECT subject, wrapped FROM subject_key WHERE subject = ANY(%(subjects)s)"


class SubjectKey(Model):
    """The wrapped data key of a subject; without one, it was destroyed, and when."""

    __tablename__ = "subject_key"

    subject: Mapped[UUID] = internal(primary_key=True)
    wrapped: Mapped[bytes | None] = secret()
    destroyed_at: Mapped[datetime | None] = internal()


Known = dict[UUID, AESGCM | None]

_known: ContextVar[Known | None] = ContextVar("subject_keys", default=None)


class SubjectKeys:
    """The data keys of subjects, as far as this request has read them."""

    def __init__(self, ring: SealingRing) -> None:
        self._ring = ring
        self.wrapping_used = ring.used

    def read_with(self, subject: UUID, wrapped: bytes | None) -> None:
        """Take the key that was read together with a row; None: it was destroyed."""
        known = _of_this_request()
        if subject not in known:
            known[subject] = self._unwrapped(subject, wrapped)

    def fetch(self, subjects: Iterable[UUID]) -> None:
        """Read the keys of a page's subjects at once, those that are not known yet."""
        known = _of_this_request()
        wanted = [each for each in set(subjects) if each not in known]
        if wanted:
            with beyond():  # one's own is read with the caller: these are other people's
                rows = read(READ, {"subjects": wanted})
            for row in rows:
                known[row.subject] = self._unwrapped(row.subject, row.wrapped)

    def cipher(self, subject: UUID) -> AESGCM:
        """Return the cipher of a subject whose key was made.

        Raises:
            KeyDestroyed: it was destroyed.
            SealBroken: there never was one.
        """
        known = _of_this_request()
        if subject not in known:
            self.fetch([subject])
        if subject not in known:
            raise SealBroken
        found = known[subject]
        if found is None:
            raise KeyDestroyed
        return found

    def made(self, subject: UUID) -> AESGCM:
        """Return the cipher of a subject; a key is made if there never was one.

        It is written apart from any deed: a deed that is undone must not take a key with it by
        which something else was sealed meanwhile.

        Raises:
            KeyDestroyed: it was destroyed; a subject gets no second one.
        """
        known = _of_this_request()
        self.fetch([subject])
        if subject not in known:
            key = os.urandom(KEY_BYTES)
            wrapped = self._ring.seal(_place(subject), key)
            with beyond():
                made = apart(MAKE, {"subject": subject, "wrapped": wrapped})
            if made:
                known[subject] = AESGCM(key)
        return self.cipher(subject)

    def wrapped_anew(self, subject: UUID, wrapped: bytes) -> bytes:
        """Return the same data key, wrapped by the wrapping key in use."""
        return self._ring.seal(_place(subject), self._ring.open(_place(subject), wrapped))

    def _unwrapped(self, subject: UUID, wrapped: bytes | None) -> AESGCM | None:
        if wrapped is None:
            return None
        try:
            return AESGCM(self._ring.open(_place(subject), wrapped))
        except SealBroken as fault:
            raise SealBroken("subject_key.wrapped") from fault


def forget_subject_keys() -> None:
    """Begin a request, or a sweep, that knows no key yet."""
    _known.set(None)


def _of_this_request() -> Known:
    known = _known.get()
    if known is None:
        known = {}
        _known.set(known)
    return known


def _place(subject: UUID) -> bytes:
    return b"subject_key.wrapped|" + subject.bytes
