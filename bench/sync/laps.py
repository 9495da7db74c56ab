"""What each load took, lap by lap, by the name of what was done."""

from dataclasses import dataclass, field
from statistics import median

FULL, FULL_TWO, COPY, DLT = "full load", "full load, 2 processes", "COPY", "dlt, first load"
SEALED, SEALED_TWO = "full load, sealed", "full load, sealed, 2 processes"
AGAIN, DLT_AGAIN = "the same rows again", "dlt, the same rows again"
SAME_FILE, SHUFFLED = "the same file again", "full load, in no order"
CHANGED, GONE = "1 % changed", "0.1 % gone"


@dataclass(frozen=True, slots=True)
class Lap:
    """What one load took. Memory is the loader's, not the server's; 0: nobody looked.

    ``cpu_s`` is the loader's processor time, ``server_s`` the server's, if it runs here.
    """

    seconds: float
    wal_mb: float
    memory_mb: float = 0.0
    cpu_s: float = 0.0
    server_s: float = 0.0


@dataclass
class Outcome:
    """All laps by what was done; the n-th of each belongs to the n-th round."""

    laps: dict[str, list[Lap]] = field(default_factory=dict)

    def seconds(self, what: str) -> list[float]:
        """Return how long it took in each round."""
        return [lap.seconds for lap in self.laps[what]]

    def ratio(self, what: str, other: str) -> float:
        """Return the seconds of one by those of another: the median of the rounds."""
        return median(a / b for a, b in zip(self.seconds(what), self.seconds(other), strict=True))

    def extra(self, what: str, other: str) -> float:
        """Return how many seconds one took more than another: the median of the rounds."""
        return median(a - b for a, b in zip(self.seconds(what), self.seconds(other), strict=True))

    @property
    def memory_mb(self) -> float:
        """Return the most memory that the product held in any lap."""
        ours = [laps for what, laps in self.laps.items() if what not in (COPY, DLT, DLT_AGAIN)]
        return max(lap.memory_mb for laps in ours for lap in laps)
