"""What every store can do."""

from typing import Protocol


class StoreAway(Exception):
    """The store does not answer, or refuses us; nothing is known of what was asked."""


class BlobMissing(Exception):
    """The store answers, and has no such bytes, or has others under that name."""


class Store(Protocol):
    """Bytes by their SHA-256 in hexadecimal; each call may be repeated."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep the bytes; when this returns they outlive a power failure.

        Raises:
            StoreAway: they may not be kept.
        """

    def get(self, digest: str) -> bytes:
        """Return the bytes, whole and unaltered.

        Raises:
            BlobMissing: they are not there.
            StoreAway: the store does not answer.
        """

    def delete(self, digest: str) -> None:
        """Delete the bytes, if they are there.

        Raises:
            StoreAway: they may still be there.
        """
