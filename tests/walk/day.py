"""The people of the day, their phones, and what they have in hand."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.walk.phone import Answer, Asked, Phone

WHO = ("resident", "neighbour", "worker", "second_worker", "staff", "second_staff")


class Telling(Protocol):
    """Whoever listens to the walk."""

    def came(self, phone: Phone, answer: Answer, show: object = None) -> None:
        """Hear what was asked and what came back; ``show`` is what matters of it."""

    def lost(self, phone: Phone, asked: Asked) -> None:
        """Hear what was asked when the network failed."""

    def note(self, words: str) -> None:
        """Hear a remark."""


class Silent:
    """Nobody listens."""

    def came(self, phone: Phone, answer: Answer, show: object = None) -> None: ...

    def lost(self, phone: Phone, asked: Asked) -> None: ...

    def note(self, words: str) -> None: ...


@dataclass
class Day:
    """One day at a running Linli; each step leaves here what a later one needs.

    ``case`` is the resident's request, ``others`` are the requests of others nearby, the nearest
    first, each as the API shows it; ``winner`` and ``loser`` are the two who claimed.
    """

    base: str
    people: Mapping[str, Any]
    tell: Telling = field(default_factory=Silent)
    case: dict[str, Any] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)
    winner: str = ""
    loser: str = ""

    def __post_init__(self) -> None:
        """Give everybody a phone."""
        self.phones = {who: Phone(self.base, who) for who in WHO}


def new_key() -> str:
    """Return an Idempotency-Key as a phone draws it, one for each deed."""
    return str(uuid.uuid4())
