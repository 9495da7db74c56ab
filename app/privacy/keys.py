"""The keys of an installation: numbered rings, kept outside the database.

Every key of a ring opens; the highest that is in use seals. A key that is given in brackets,
``(2:<base64>)``, is known already and not in use yet: so that every process can open what the
first process to use it will seal.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, TAG_BYTES = 12, 16


class SealBroken(Exception):
    """A sealed field does not open: wrong key, wrong place, or altered bytes."""


class KeyDestroyed(SealBroken):
    """The data key of the subject was destroyed: what it sealed opens to nobody, for ever."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by number, from 1 to 255, and the number of the one in use."""

    keys: Mapping[int, bytes]
    used: int

    @classmethod
    def of(cls, keys: Mapping[int, bytes]) -> "KeyRing":
        """Return a ring whose highest key is in use."""
        return cls(dict(keys), max(keys))


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys that the vault needs.

    ``data`` seals what is the district's; ``wrapping`` wraps the data keys of subjects; ``index``
    finds people. ``steady`` is never changed: it marks what could not be reckoned anew, because
    the text is not kept (counters of tries, fingerprints of records, keys of erased people).
    """

    data: KeyRing
    wrapping: KeyRing
    index: KeyRing
    steady: bytes


class SealingRing:
    """AES-256-GCM under a ring: ``key number (1 byte) | nonce (12) | ciphertext and tag``.

    The number chooses the key, so that bytes under another number open with none.
    """

    def __init__(self, ring: KeyRing) -> None:
        self.used = ring.used
        self._ciphers = {number: AESGCM(key) for number, key in ring.keys.items()}
        self.first = bytes((ring.used,))
        self.encrypt = self._ciphers[ring.used].encrypt

    def seal(self, place: bytes, content: bytes) -> bytes:
        """Seal ``content`` for ``place``."""
        nonce = os.urandom(NONCE_BYTES)
        return self.first + nonce + self.encrypt(nonce, content, place)

    def open(self, place: bytes, sealed: bytes) -> bytes:
        """Open what ``seal`` made for the same place.

        Raises:
            SealBroken: the bytes do not belong here, or their key is not on the ring.
        """
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise SealBroken
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, place)
        except (InvalidTag, ValueError) as fault:
            raise SealBroken from fault
