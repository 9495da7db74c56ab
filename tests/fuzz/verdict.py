"""What a run has to show before it counts."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from tests.fuzz.answers import Answers

CASES_EACH = 50
"""Fewer cases an operation than this, on the average, and the fuzzer did not really run."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The report that Schemathesis wrote of a run, and what the server says of the same."""

    report: dict[str, Any]
    answers: Answers

    @property
    def found(self) -> set[tuple[str, str]]:
        """Return (title, operation) of every failure."""
        return {
            (failure["title"], operation)
            for failure in self.report["failures"]
            for operation in failure["operations"]
        }

    @property
    def is_starved(self) -> bool:
        """Tell whether fewer cases were made than count; a slow machine makes fewer in its time."""
        return bool(self.report["test_cases"]["generated"] < CASES_EACH * self._operations)

    @property
    def _operations(self) -> int:
        return int(self.report["operations"]["total"])

    def with_more(self, other: "Verdict") -> "Verdict":
        """Return what this run and another of the same operations have shown together."""
        mine, more = self.report, other.report
        tested = min(mine["operations"]["tested"], more["operations"]["tested"])
        report = {
            **mine,
            "complete": mine["complete"] and more["complete"],
            "stop_reason": more["stop_reason"] if mine["complete"] else mine["stop_reason"],
            "operations": {**mine["operations"], "tested": tested},
            "test_cases": {
                name: count + more["test_cases"][name]
                for name, count in mine["test_cases"].items()
                if isinstance(count, int)
            },
            "failures": [*mine["failures"], *more["failures"]],
            "errors": [*mine["errors"], *more["errors"]],
        }
        return Verdict(report, self.answers.with_more(other.answers))

    @property
    def summary(self) -> str:
        """Return the last line of a run."""
        operations, cases = self.report["operations"], self.report["test_cases"]
        return (
            f"fuzz: {operations['tested']} operations, {cases['generated']} cases,"
            f" {cases['with_failures']} failures"
        )

    def more_than_expected(self, beyond: Set[str]) -> list[str]:
        """Return the operations of tests/fuzz/beyond.py that did succeed: they may leave it."""
        return sorted(beyond & self.answers.with_success())

    def complaints(self, operations: Set[str]) -> list[str]:
        """Say what is wrong: with the product, or with a run that tried too little.

        Every one of ``operations`` has to succeed at least once: of one that does not, only the
        edge was tried. Which ones are not expected to stands in tests/fuzz/beyond.py.
        """
        refused = sorted(operations - self.answers.with_success())
        return [
            *(f"{title}: {operation}" for title, operation in sorted(self.found)),
            *(f"the server failed: {operation}" for operation in sorted(self.answers.broken())),
            *(f"nothing but refusals: {operation}" for operation in refused),
            *(f"the fuzzer itself: {error['title']}" for error in self.report["errors"]),
            *self._too_little(),
        ]

    def _too_little(self) -> list[str]:
        operations, cases = self.report["operations"], self.report["test_cases"]
        tested, total = operations["tested"], operations["total"]
        found = {
            f"the run ended early: {self.report['stop_reason']}": not self.report["complete"],
            f"only {tested} of {total} operations were tried": tested != total,
            f"only {cases['generated']} cases were made": self.is_starved,
            f"{cases['errored']} cases could not be sent": cases["errored"] > 0,
        }
        return [words for words, so in found.items() if so]
