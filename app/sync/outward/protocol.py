"""A way to the district, whatever it is."""

from datetime import timedelta
from typing import Protocol


class Undelivered(Exception):
    """The other side could not be reached or is not able now; the event is kept and tried again.

    ``after``: how long it asks us to wait, if it says so.
    """

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        """Keep the wait for the next try."""
        super().__init__(words)
        self.after = after


class Declined(Exception):
    """The other side will never take this envelope as it is; the event is parked for a person.

    ``reason`` is a short code ("422 unknown-matter"), never a value of the payload.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason for the books."""
        super().__init__(reason)
        self.reason = reason[:200]


class KeyReused(Declined):
    """The other side has another envelope under this key: an earlier one of ours, or a stranger's.

    It is for the outbox to tell which.
    """


class Transport(Protocol):
    """Hands over one envelope at a time."""

    def send(self, key: str, envelope: bytes) -> str:
        """Hand over an envelope and return the receipt, at most 200 characters, within 15 s.

        ``key`` (``<subject_kind>-<subject_id>-<seq>``) is the same at every try: the other side
        takes a second one as the first.

        Raises:
            Undelivered: try again later.
            KeyReused: never, for it has another envelope under the key.
            Declined: never.
        """
        ...
