"""Sealing fields (AES-256-GCM) and finding them again (keyed blind index).

A sealed field is ``key id (1 byte) | nonce (12) | ciphertext and tag``. It is bound to its place,
"entity.field" and the row it belongs to, so that a value moved to another row or column does not
open. The blind index is HMAC-SHA-256 under a key of its own, cut to 128 bits: a dump of the
database alone enumerates nobody, although a resident number has only some thousand candidates
once birth date and area are known.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
INDEX_BYTES = 16
HMAC_BLOCK = 64


class SealBroken(Exception):
    """A sealed field does not open: wrong key, wrong place, or altered bytes."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of an installation, kept outside the database."""

    data: Mapping[int, bytes]
    index: bytes


def _prepared(key: bytes) -> tuple[Any, Any]:
    """Return the inner and the outer hash of HMAC-SHA-256, keyed and ready to be copied."""
    block = (hashlib.sha256(key).digest() if len(key) > HMAC_BLOCK else key).ljust(
        HMAC_BLOCK, b"\0"
    )
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    return hashlib.sha256(inner), hashlib.sha256(outer)


class Vault:
    """Seals, opens and indexes with the keyring it was unlocked with."""

    def __init__(self) -> None:
        self._ciphers: dict[int, AESGCM] = {}
        self._sealing = 0
        self._index = b""
        self._hmac = _prepared(b"")

    def unlock(self, keyring: Keyring) -> None:
        """Take the keys; the highest key id seals, every one opens."""
        self._ciphers = {number: AESGCM(key) for number, key in keyring.data.items()}
        self._sealing = max(self._ciphers)
        self._index = keyring.index
        self._hmac = _prepared(keyring.index)

    def seal(self, field: str, row: object, text: str) -> bytes:
        """Seal ``text`` for ``field`` ("resident.name") of the row with that key."""
        nonce = os.urandom(NONCE_BYTES)
        body = self._ciphers[self._sealing].encrypt(nonce, text.encode(), _place(field, row))
        return bytes((self._sealing,)) + nonce + body

    def open(self, field: str, row: object, sealed: bytes) -> str:
        """Open what ``seal`` made for the same field and row.

        Raises:
            SealBroken: the bytes do not belong here, or their key is not on the ring.
        """
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise SealBroken(field)
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, _place(field, row)).decode()
        except (InvalidTag, ValueError) as fault:
            raise SealBroken(field) from fault

    def index(self, field: str, text: str) -> bytes:
        """Return the 16 bytes by which a normalised value of ``field`` is found again."""
        return self.index_many(field, [text.encode()])[0]

    def index_many(self, field: str, texts: Sequence[bytes]) -> list[bytes]:
        """Index each text (UTF-8) as ``index`` would.

        HMAC (RFC 2104) from its two prepared hashes: a quarter of the time of a call that sets
        both up anew for each text.
        """
        inner_start, outer_start = self._hmac
        before, found = field.encode() + b"\0", []
        for text in texts:
            inner, outer = inner_start.copy(), outer_start.copy()
            inner.update(before + text)
            outer.update(inner.digest())
            found.append(outer.digest()[:INDEX_BYTES])
        return found

    def seal_many(self, field: str, rows: Sequence[bytes], texts: Sequence[bytes]) -> list[bytes]:
        """Seal a text a row (both UTF-8), as ``seal`` would each of them."""
        number, encrypt = bytes((self._sealing,)), self._ciphers[self._sealing].encrypt
        before, size = f"{field}|".encode(), NONCE_BYTES
        drawn = os.urandom(size * len(rows))
        nonces = [drawn[at : at + size] for at in range(0, len(drawn), size)]
        return [
            number + nonce + encrypt(nonce, text, before + row)
            for nonce, row, text in zip(nonces, rows, texts, strict=True)
        ]

    def fingerprint(self, content: bytes) -> bytes:
        """Return a keyed BLAKE2b-128 of a record's content.

        Keyed, because the bare hash of a person's few attributes is a dictionary to look them up.
        """
        return hashlib.blake2b(content, key=self._index, digest_size=INDEX_BYTES).digest()

    def fingerprints(self, edition: int, contents: Sequence[bytes]) -> bytes:
        """Return a byte for the edition and 15 of keyed BLAKE2b for each content, end to end."""
        blake, key, first, size = hashlib.blake2b, self._index, bytes((edition,)), INDEX_BYTES - 1
        return b"".join(
            [first + blake(each, key=key, digest_size=size).digest() for each in contents]
        )


vault = Vault()


def _place(field: str, row: object) -> bytes:
    return f"{field}|{row}".encode()
