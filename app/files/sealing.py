"""Each file is sealed under a key of its own, and that key under the data key of a person.

``nonce (12) | ciphertext and tag``, AES-256-GCM, bound to the file and the variant. The store sees
only this: it is addressed by the hash of what it keeps, which says nothing of the picture, and
the same picture sent twice is two blobs. Whose a file is may change without touching the store:
only its key is sealed anew. When that person's data key is destroyed, the bytes are noise,
wherever copies of the store lie.
"""

import os
from base64 import b64decode, b64encode
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.files.refusals import FileUnknown
from app.privacy import vault
from app.privacy.keys import NONCE_BYTES

KEY = "stored_file.key"
KEY_BYTES = 32


class FileKey:
    """The key of one file."""

    def __init__(self, file_id: UUID, key: bytes | None = None) -> None:
        """Take the key, or draw a fresh one."""
        self._file, self._key = file_id, key or os.urandom(KEY_BYTES)
        self._cipher = AESGCM(self._key)

    def seal(self, variant: str, content: bytes) -> bytes:
        """Return what is stored of a variant."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, self._place(variant))

    def open(self, variant: str, stored: bytes) -> bytes:
        """Return what ``seal`` was given for the same file and variant.

        Raises:
            FileUnknown: the bytes are not those of this file.
        """
        nonce, body = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, body, self._place(variant))
        except InvalidTag as fault:
            raise FileUnknown from fault

    def of(self, whose: UUID | None) -> bytes:
        """Return the key sealed for the person whose the file is; None: the district's."""
        return vault.seal_about(KEY, self._file, b64encode(self._key).decode(), whose)

    def _place(self, variant: str) -> bytes:
        return b"stored_file|" + self._file.bytes + variant.encode()


def key_of(row: Any) -> FileKey:
    """Return the key of a file's row.

    Raises:
        FileUnknown: whose it was has closed the account: nobody reads it any more.
    """
    text = vault.opened(KEY, row.id, row.key_sealed)
    if text is None:
        raise FileUnknown
    return FileKey(row.id, b64decode(text))
