"""Who pushes: a signed word for each push service (RFC 8292), good for half a day."""

import base64
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GOOD_FOR = 12 * 3600  # RFC 8292 allows a day; a push service's clock may differ from ours
RENEWED_AFTER = 3600
MOST_KEPT = 100


def b64(content: bytes) -> str:
    """Return base64url without padding, as everything in web push is written."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Return what ``b64`` wrote.

    Raises:
        ValueError: it is not base64url.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


class Vapid:
    """Signs for one installation. ``key`` are the 32 bytes of a P-256 private key."""

    def __init__(self, key: bytes, subject: str) -> None:
        self._key = ec.derive_private_key(int.from_bytes(key, "big"), ec.SECP256R1())
        self._subject = subject
        public = self._key.public_key()
        self.public_key = b64(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        self._kept: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def authorization(self, origin: str) -> str:
        """Return the header for the push service at ``origin``."""
        with self._lock:
            made, header = self._kept.get(origin, (0.0, ""))
            now = time.time()
            if now - made > RENEWED_AFTER:
                if len(self._kept) >= MOST_KEPT:
                    self._kept.clear()
                claims = {"aud": origin, "exp": int(now) + GOOD_FOR, "sub": self._subject}
                token = jwt.encode(claims, self._key, "ES256")
                header = f"vapid t={token}, k={self.public_key}"
                self._kept[origin] = (now, header)
            return header
