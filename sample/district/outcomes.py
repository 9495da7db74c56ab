"""What the district was told: each outcome once, however often it is sent."""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from sample.district.books import Books


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome as it was taken; ``times`` counts how often it was sent."""

    key: str
    envelope: Any
    receipt: str
    times: int


class KeyReused(Exception):
    """A key was sent again with another envelope."""


class Outcomes:
    """The book of outcomes."""

    def __init__(self, books: Books) -> None:
        """Keep them in the books."""
        self._books = books

    def take(self, key: str, envelope: bytes) -> tuple[str, bool]:
        """Take an outcome; return its receipt, and whether it is new.

        Raises:
            KeyReused: the key is known, with another envelope.
        """
        receipt = f"district:{hashlib.sha256(key.encode()).hexdigest()[:16]}"
        with self._books.open() as db:
            new = db.execute(
                "INSERT INTO outcome VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING",
                (key, envelope, receipt, time.time_ns() // 1000),
            ).rowcount
            if not new:
                (known,) = db.execute(
                    "SELECT envelope FROM outcome WHERE key = ?", (key,)
                ).fetchone()
                if known != envelope:
                    raise KeyReused
                db.execute("UPDATE outcome SET times = times + 1 WHERE key = ?", (key,))
        return receipt, bool(new)

    def received(self) -> list[Outcome]:
        """Return what was taken, in the order in which it came."""
        with self._books.open() as db:
            found = db.execute(
                "SELECT key, envelope, receipt, times FROM outcome ORDER BY received_at, rowid"
            ).fetchall()
        return [Outcome(key, json.loads(text), receipt, n) for key, text, receipt, n in found]
