"""What the server says of a run in its own log: a line a request, and a line a fault."""

import json
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Answers:
    """How each operation was answered, and what the server wrote besides."""

    statuses: Set[tuple[str, int]]
    words: tuple[str, ...]

    @classmethod
    def read(cls, log: Path) -> "Answers":
        """Return what stands in the log."""
        lines = log.read_text("utf-8", "replace").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{")]
        return cls(
            statuses={(line["operation"], line["status"]) for line in told if line["operation"]},
            words=tuple(line for line in lines if not line.startswith("{")),
        )

    def with_more(self, other: "Answers") -> "Answers":
        """Return the answers of two runs."""
        return Answers(self.statuses | other.statuses, (*self.words, *other.words))

    def with_success(self) -> set[str]:
        """Return the operations that did at least once what they are for."""
        return {operation for operation, status in self.statuses if 200 <= status < 300}

    def broken(self) -> set[str]:
        """Return the operations that answered with a fault of the server's at least once."""
        return {operation for operation, status in self.statuses if status >= 500}
