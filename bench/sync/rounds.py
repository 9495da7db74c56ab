"""Rounds: every load in turn, again and again, so that a slow minute is everybody's."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.sync.contestants import Contestants
from bench.sync.drops import Drop
from bench.sync.laps import (
    AGAIN,
    CHANGED,
    COPY,
    DLT,
    DLT_AGAIN,
    FULL,
    FULL_TWO,
    GONE,
    SAME_FILE,
    SEALED,
    SEALED_TWO,
    SHUFFLED,
    Lap,
    Outcome,
)
from bench.sync.names import PERSONAL, PLAIN

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Drops:
    """The files: all rows, the same in no order, some changed, and some of those gone besides."""

    first: Drop
    shuffled: Drop
    changed: Drop
    gone: Drop


@dataclass(frozen=True)
class Round:
    """One round over all loads."""

    all: Contestants
    drops: Drops
    outcome: Outcome
    say: Say

    def run(self) -> None:
        """Let everybody run; what only ours does stands beside COPY of the same round."""
        self._first_loads()
        self._nights_after()
        rows = self.drops.first.rows
        loads = (
            (FULL_TWO, self.drops.first, PLAIN, 2),
            (SEALED, self.drops.first, PERSONAL, 0),
            (SEALED_TWO, self.drops.first, PERSONAL, 2),
            (SHUFFLED, self.drops.shuffled, PLAIN, 0),
        )
        for what, drop, stream, processes in loads:
            self.all.forget()
            self._note(what, self.all.read(drop, stream, processes, inserted=rows))

    def _first_loads(self) -> None:
        first = self.drops.first
        self.all.forget()
        self._note(FULL, self.all.read(first, PLAIN, 0, inserted=first.rows))
        self._note(COPY, self.all.copy(first))
        self.all.forget_dlt()
        self._note(DLT, self.all.load_with_dlt(first))
        self.all.check_same(PLAIN)

    def _nights_after(self) -> None:
        first, changed, gone = self.drops.first, self.drops.changed, self.drops.gone
        self._note(AGAIN, self.all.read(first, PLAIN, 0, same=first.rows))
        self._note(DLT_AGAIN, self.all.load_with_dlt(first))
        self._note(SAME_FILE, self.all.read_same(first))
        unmoved = changed.rows - changed.moved
        lap = self.all.read(changed, PLAIN, 0, updated=changed.moved, same=unmoved)
        self._note(CHANGED, lap)
        self._note(GONE, self.all.read(gone, PLAIN, 0, same=gone.rows))

    def _note(self, what: str, lap: Lap) -> None:
        self.outcome.laps.setdefault(what, []).append(lap)
        memory = f", {lap.memory_mb:.0f} MB of memory" if lap.memory_mb else ""
        cpu = f"processor {lap.cpu_s:.1f} and {lap.server_s:.1f} s"
        self.say(f"{what}: {lap.seconds:.2f} s, {cpu}, {lap.wal_mb:.1f} MB of WAL{memory}")
