"""How an entry hangs on the one before it: pure, so that anybody can check an exported trail.

``hash = SHA-256(hash before | length (8 bytes) | entry)``. The entry is its canonical JSON: names
sorted, no spaces, UTF-8 (as RFC 8785), without what is empty; times in UTC to the microsecond.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import orjson

BEGINNING = bytes(32)
"""What the first entry of a chain hangs on."""

OWN = frozenset({"seq", "hash"})
"""The columns of an entry that the chain itself writes."""


def canonical(entry: Mapping[str, object]) -> bytes:
    """Return the bytes of an entry that are hashed."""
    content = {
        name: _plain(value)
        for name, value in entry.items()
        if value is not None and name not in OWN
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def hung_on(before: bytes, content: bytes) -> bytes:
    """Return the hash of the entry ``content`` that follows the hash ``before``."""
    return hashlib.sha256(before + len(content).to_bytes(8, "big") + content).digest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value
