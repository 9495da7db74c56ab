"""The keys of an OpenID provider, kept for a while, looked at again when a new one appears."""

import threading
import time
from typing import Any

import jwt

from app.identity.sign_in.providers.calling import Line
from app.identity.sign_in.providers.protocol import NotVouched, NoWord

KEPT = 600.0  # seconds
AGAIN_AFTER = 30.0  # an unknown key id asks the provider again, but not more often


class Keys:
    """A set of keys (JWKS, RFC 7517) by their ids."""

    def __init__(self, line: Line) -> None:
        """Ask through a line."""
        self._line, self._lock = line, threading.Lock()
        self._known: dict[str | None, Any] = {}
        self._at = float("-inf")

    def find(self, place: str, kid: object) -> Any:
        """Return the public key with an id.

        Raises:
            NotVouched: the provider has no such key.
            NoWord: it does not answer.
        """
        with self._lock:
            age = time.monotonic() - self._at
            if age > KEPT or (kid not in self._known and age > AGAIN_AFTER):
                self._known = self._fetched(place)
                self._at = time.monotonic()
            if kid not in self._known or not isinstance(kid, str):
                raise NotVouched
            return self._known[kid]

    def _fetched(self, place: str) -> dict[str | None, Any]:
        status, content = self._line.get(place)
        if status != 200 or not isinstance(content, dict):
            raise NoWord(f"it answers {status}")
        try:
            found = jwt.PyJWKSet.from_dict(content).keys
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError, KeyError):
            raise NoWord("its keys cannot be read") from None
        return {each.key_id: each.key for each in found if each.public_key_use in (None, "sig")}
