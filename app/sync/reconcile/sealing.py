"""The seal of a report: who has no key of the installation cannot change one without its showing.

It is a keyed fingerprint over the findings in one spelling (keys in order, no spaces), so that a
report may be stored, copied and indented, and still be known for what it was.
"""

import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from app.privacy import vault

SEALED_AS = b"reconciliation report\0"
SEAL = "seal"


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report in plain JSON values, with its seal."""
    plain: dict[str, Any] = orjson.loads(spelt(content))
    return plain | {SEAL: _seal(plain)}


def is_intact(content: bytes | Mapping[str, Any]) -> bool:
    """Tell whether a report, as a file or as it was read, is the one that was sealed here."""
    try:
        found = orjson.loads(content) if isinstance(content, bytes) else dict(content)
        seal = found.pop(SEAL)
        return hmac.compare_digest(seal.encode(), _seal(found).encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def spelt(content: Mapping[str, Any]) -> bytes:
    """Return a document in its one spelling."""
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _seal(content: Mapping[str, Any]) -> str:
    return vault.fingerprint(SEALED_AS + spelt(content)).hex()
