"""Keyset pages: an opaque, signed cursor; no totals, no offsets."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from app.errors import Malformed, Words

SIGNATURE_BYTES = 8
LONGEST = 600
FIRST_ID = "00000000-0000-0000-0000-000000000000"
LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
"""Before and after every UUID: where a list by id begins."""

T = TypeVar("T")

_key = b""


class CursorRefused(Malformed):
    """The page cursor is not of this list, or was altered. Start again from the first page."""

    slug = "cursor-refused"
    title = Words("翻页标记无效,请从第一页重新开始", "The page cursor is not valid; start again")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows in order, and the cursor of the next page, or None at the end."""

    items: Sequence[T]
    next: str | None


class Cursor:
    """The keys of the last row seen, bound to one list by its name."""

    @staticmethod
    def write(name: str, keys: Sequence[object]) -> str:
        """Return the cursor text for the position after ``keys`` in the list ``name``."""
        body = orjson.dumps([name, *keys])
        return base64.urlsafe_b64encode(_signature(body) + body).decode().rstrip("=")

    @staticmethod
    def read(name: str, text: str | None, kinds: Sequence[type]) -> list[Any] | None:
        """Return the keys in ``text``, or None where there is no cursor.

        Raises:
            CursorRefused: the text is not a cursor that this installation wrote for this list.
        """
        if text is None:
            return None
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as fault:
            raise CursorRefused from fault
        signature, body = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
        if len(text) > LONGEST or not hmac.compare_digest(signature, _signature(body)):
            raise CursorRefused
        found, *keys = orjson.loads(body)
        if found != name or len(keys) != len(kinds):
            raise CursorRefused
        return [kind(key) for kind, key in zip(kinds, keys, strict=True)]

    @staticmethod
    def page(
        name: str, rows: Sequence[T], limit: int, keys: Callable[[T], Sequence[object]]
    ) -> Page[T]:
        """Make a page of at most ``limit`` rows out of a query that asked for one more."""
        more = len(rows) > limit
        items = rows[:limit]
        return Page(items, Cursor.write(name, keys(items[-1])) if more else None)


def sign_cursors_with(key: bytes) -> None:
    """Set the key that signs cursors; done once when the application is assembled."""
    global _key  # noqa: PLW0603  one installation, one key
    _key = key


def _signature(body: bytes) -> bytes:
    return hashlib.blake2b(body, key=_key, digest_size=SIGNATURE_BYTES).digest()
