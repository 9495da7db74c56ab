"""Sealing fields (AES-256-GCM) and finding them again (keyed blind index).

Two kinds of sealed field, told apart by their first byte:

- of the district: ``ring key number | nonce (12) | ciphertext and tag``, see app/privacy/keys.py;
- of a subject: ``0 | subject (16) | nonce (12) | ciphertext and tag``, under the subject's own
  data key, see app/privacy/subjects.py.

Both are bound to their place, "entity.field" and the row, so that a value moved to another row
or column does not open. The blind index is HMAC-SHA-256 under keys of its own, cut to 128 bits: a
dump of the database alone enumerates nobody, although a resident number has only some thousand
candidates once birth date and area are known.
"""

import hashlib
import os
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from app.privacy.keys import NONCE_BYTES, TAG_BYTES, KeyDestroyed, Keyring, SealBroken, SealingRing
from app.privacy.subjects import SUBJECT_BYTES, SubjectKeys

INDEX_BYTES = 16
SEALED_MORE = 1 + NONCE_BYTES + TAG_BYTES
OF_SUBJECT = b"\0"
BODY = 1 + SUBJECT_BYTES + NONCE_BYTES

FINDING = frozenset({"phone", "id_number"})
"""The indexes by which people are found: under the index ring, reckoned anew when it turns. All
others are under the steady key, since the text that they mark is kept nowhere."""


class Vault:
    """Seals, opens and indexes with the keyring it was unlocked with."""

    ring: SealingRing
    subjects: SubjectKeys
    index_used: int

    def unlock(self, keyring: Keyring) -> None:
        """Take the keys."""
        self.ring = SealingRing(keyring.data)
        self.subjects = SubjectKeys(SealingRing(keyring.wrapping))
        self.index_used = keyring.index.used
        self._steady = keyring.steady
        self._marking = _keyed(keyring.steady)
        self._finding = {n: _keyed(key) for n, key in keyring.index.keys.items()}

    def seal(self, field: str, row: object, text: str, subject: UUID | None = None) -> bytes:
        """Seal ``text`` for ``field`` ("resident.name") of the row with that key.

        With ``subject`` it is sealed under that account's own data key: for all that the platform
        itself gathers about a person.

        Raises:
            KeyDestroyed: the subject's key was destroyed.
        """
        if subject is None:
            return self.ring.seal(_place(field, row), text.encode())
        nonce, first = os.urandom(NONCE_BYTES), OF_SUBJECT + subject.bytes
        cipher = self.subjects.made(subject)
        return first + nonce + cipher.encrypt(nonce, text.encode(), first + _place(field, row))

    def seal_about(self, field: str, row: object, text: str, subject: UUID | None) -> bytes:
        """Seal what is written about somebody who may have closed the account: then as nobody's."""
        try:
            return self.seal(field, row, text, subject)
        except KeyDestroyed:
            return self.seal(field, row, text)

    def open(self, field: str, row: object, sealed: bytes) -> str:
        """Open what ``seal`` made for the same field and row.

        Raises:
            KeyDestroyed: it was sealed for a subject whose key was destroyed.
            SealBroken: the bytes do not belong here, or their key is not on the ring.
        """
        try:
            if sealed[:1] == OF_SUBJECT:
                return self._open_of_subject(_place(field, row), sealed).decode()
            return self.ring.open(_place(field, row), sealed).decode()
        except KeyDestroyed as fault:
            raise KeyDestroyed(field) from fault
        except (SealBroken, InvalidTag, ValueError) as fault:
            raise SealBroken(field) from fault

    def opened(self, field: str, row: object, sealed: bytes | None) -> str | None:
        """Open a field that may be empty, or gone with its subject's key: then None."""
        try:
            return None if sealed is None else self.open(field, row, bytes(sealed))
        except KeyDestroyed:
            return None

    def _open_of_subject(self, place: bytes, sealed: bytes) -> bytes:
        first, nonce = sealed[: 1 + SUBJECT_BYTES], sealed[1 + SUBJECT_BYTES : BODY]
        cipher = self.subjects.cipher(UUID(bytes=first[1:]))
        return cipher.decrypt(nonce, sealed[BODY:], first + place)

    def index(self, field: str, text: str) -> bytes:
        """Return the 16 bytes by which a normalised value of ``field`` is written to be found."""
        return self.index_many(field, [text.encode()])

    def indexes(self, field: str, text: str) -> list[bytes]:
        """Return every index under which a value may stand while the key turns, the newest first.

        Look up with ``= ANY(…)``.
        """
        numbers = sorted(self._finding, key=lambda n: n != self.index_used)
        return [_hashed(self._finding[n], field, [text.encode()]) for n in numbers]

    def index_many(self, field: str, texts: Sequence[bytes]) -> bytes:
        """Index each text (UTF-8) as ``index`` would; return the indexes end to end."""
        key = self._finding[self.index_used] if field in FINDING else self._marking
        return _hashed(key, field, texts)

    def seal_many(self, field: str, rows: Sequence[bytes], texts: Sequence[bytes]) -> bytes:
        """Seal a text a row (both UTF-8), as ``seal`` would each of them; return them end to end.

        Each is ``SEALED_MORE`` bytes longer than its text.
        """
        before, size = f"{field}|".encode(), NONCE_BYTES
        drawn = os.urandom(size * len(rows))
        nonces = [drawn[at : at + size] for at in range(0, len(drawn), size)]
        sealed = map(self.ring.encrypt, nonces, texts, [before + row for row in rows])
        parts = [self.ring.first] * (3 * len(texts))
        parts[1::3], parts[2::3] = nonces, list(sealed)
        return b"".join(parts)

    def fingerprint(self, content: bytes) -> bytes:
        """Return a keyed BLAKE2b-128 of a record's content.

        Keyed, because the bare hash of a person's few attributes is a dictionary to look them up.
        """
        return hashlib.blake2b(content, key=self._steady, digest_size=INDEX_BYTES).digest()

    def fingerprints(self, edition: int, contents: Sequence[bytes]) -> bytes:
        """Return a byte for the edition and 15 of keyed BLAKE2b for each content, end to end."""
        keyed, found = hashlib.blake2b(key=self._steady, digest_size=INDEX_BYTES - 1), [b""]
        for each in contents:  # a copy of the keyed hash costs less than setting it up anew
            mark = keyed.copy()
            mark.update(each)
            found.append(mark.digest())
        return bytes((edition,)).join(found)


vault = Vault()


def _keyed(key: bytes) -> HMAC:
    """Return HMAC-SHA-256 (RFC 2104), keyed and ready to be copied."""
    return HMAC(key, SHA256())


def _hashed(keyed: HMAC, field: str, texts: Sequence[bytes]) -> bytes:
    """HMAC of each text; a copy of the keyed hash costs a third of setting it up anew."""
    start, found = keyed.copy(), []
    start.update(field.encode() + b"\0")
    for text in texts:
        each = start.copy()
        each.update(text)
        found.append(each.finalize()[:INDEX_BYTES])
    return b"".join(found)


def _place(field: str, row: object) -> bytes:
    return f"{field}|{row}".encode()
