"""A district that notes what it hears, and can be away, slow, choosy or broken."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.protocol import Declined, Undelivered


class Receiver:
    """``heard`` holds (subject, number) as they came; the sets name subjects it treats badly."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []
        self.tried: list[tuple[str, int]] = []
        self.away_for: set[str] = set()
        self.declines: set[str] = set()
        self.breaks_for: set[str] = set()
        self.asks_to_wait: timedelta | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        self._one_notes = threading.Lock()

    def send(self, key: str, envelope: bytes) -> str:
        event = json.loads(envelope)
        subject, seq = event["subject_id"], event["seq"]
        with self._one_notes:
            self.tried.append((subject, seq))
        self.meanwhile()
        if subject in self.away_for:
            raise Undelivered("away", self.asks_to_wait)
        if subject in self.declines:
            raise Declined("422 unknown-matter")
        if subject in self.breaks_for:
            raise ValueError("a value of somebody's")
        with self._one_notes:
            self.heard.append((subject, seq))
        return f"heard:{key}"

    def sweep(self) -> int:
        """Deliver until nothing is due; return the number of batches."""
        sweep, rounds = delivery_sweep(lambda: self), 0
        while sweep.run():
            rounds += 1
        return rounds
