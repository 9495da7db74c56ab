"""What is asked of the other side and what it answers, or why that cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson


class NoAnswer(Exception):
    """The other side cannot be reached, broke off, or asks to wait (``after``)."""

    def __init__(self, words: str, after: timedelta | None = None) -> None:
        """Keep the wait that it asks for."""
        super().__init__(words)
        self.after = after


class BadAnswer(Exception):
    """The other side answered what must not be used: ``code`` names it, the words explain it."""

    def __init__(self, code: str, words: str) -> None:
        """Keep code and words apart."""
        super().__init__(words)
        self.code, self.words = code, words


class TooLarge(BadAnswer):
    """An answer is larger than it may be; ``begun`` are its first bytes, for whom it concerns."""

    def __init__(self, words: str, begun: bytes) -> None:
        """Keep the beginning out of what is ever printed."""
        super().__init__("ANSWER_TOO_LARGE", words)
        self.begun = begun


@dataclass(frozen=True, slots=True)
class Question:
    """A path below the endpoint, what to add to it, and what to send along."""

    method: str
    path: str
    query: Mapping[str, str | int] | None = None
    body: bytes = b""
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names are small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def content(self) -> Any:
        """Return the JSON of the body.

        Raises:
            BadAnswer: NOT_JSON.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise BadAnswer("NOT_JSON", "the answer is not marked as application/json")
        try:
            return orjson.loads(self.body)
        except ValueError:
            # its words may repeat what could not be read
            raise BadAnswer("NOT_JSON", "the answer is marked as JSON and is not") from None
