"""Every request is signed (RFC 9421, hmac-sha256) over what it asks and what it carries.

The other side learns who asks, that nothing was changed on the way, and, by time and nonce, that
it has not heard this very request before. The body counts through its digest (RFC 9530).
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

LABEL = "linli"
ALGORITHM = "hmac-sha256"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret shared with the other side, and the name by which it knows it."""

    name: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whom: ``query`` without its question mark, ``path`` as it is sent."""

    method: str
    authority: str
    path: str
    query: str = ""
    body: bytes = b""


def content_digest(body: bytes) -> str:
    """Return the Content-Digest of a body; an empty one has a digest too."""
    return f"sha-256=:{_base64(hashlib.sha256(body).digest())}:"


def signed(asked: Asked, key: Key, created: int, nonce: str) -> dict[str, str]:
    """Return the three headers that sign a request; a nonce is never used twice.

    ``created`` is in seconds since 1970, UTC.
    """
    digest = content_digest(asked.body)
    covered = [
        ("@method", asked.method),
        ("@authority", asked.authority.lower()),
        ("@path", asked.path),
        ("@query", f"?{asked.query}"),
        ("content-digest", digest),
    ]
    names = " ".join(f'"{name}"' for name, _ in covered)
    parameters = f'({names});created={created};keyid="{key.name}";alg="{ALGORITHM}";nonce="{nonce}"'
    signature = mac(key.secret, signature_base(covered, parameters))
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{signature}:",
    }


def signature_base(covered: Sequence[tuple[str, str]], parameters: str) -> str:
    """Return the text that is signed: a line for each component, its parameters last."""
    lines = [f'"{name}": {value}' for name, value in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}'])


def mac(secret: bytes, base: str) -> str:
    """Return the HMAC-SHA-256 of a signature base, as base64."""
    return _base64(hmac.new(secret, base.encode("ascii"), hashlib.sha256).digest())


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
