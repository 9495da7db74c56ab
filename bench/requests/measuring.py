"""The measurements of one size, and those that are made once."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench.processor import cpu_seconds_of
from bench.requests.load import Run, Seen, percentile
from bench.requests.scripts import Scripts
from bench.servers import Contestant

CONNECTIONS = 8
LAPS = 3
BURST = (1, 15, 1, 25, 2, 35, 10)  # lifecycles begun in a second: DIGIT's shape
STAGE_S = 3
CLAIMED = 200


@dataclass(frozen=True)
class Measured:
    """One kind of call at one size: its laps, and processor milliseconds a call.

    Each figure is the median of the laps, so that one bad moment of the machine decides nothing.
    """

    laps: list[Seen]
    web_ms: float
    database_ms: float

    def per_second(self) -> float:
        """Return scripts a second."""
        return median(lap.per_second() for lap in self.laps)

    def p50_ms(self) -> float:
        """Return the wait that half of the scripts keep to."""
        return median(percentile(lap.scripts, 50) for lap in self.laps)

    def p95_ms(self) -> float:
        """Return the wait that 95 of 100 scripts keep to."""
        return median(percentile(lap.scripts, 95) for lap in self.laps)

    def call_p95_ms(self) -> float:
        """Return the same of single calls."""
        return median(percentile(lap.waits, 95) for lap in self.laps)

    def wrong(self) -> list[str]:
        """Return what went wrong in any lap."""
        return [each for lap in self.laps for each in lap.wrong]


@dataclass(frozen=True)
class Bench:
    """A server under measurement."""

    server: Contestant
    database: int | None
    scripts: Scripts

    def closed(self, kind: str, seconds: float) -> Measured:
        """Keep eight connections busy with one kind of script, several laps of ``seconds``."""
        make = getattr(self.scripts, kind)
        Run(self.server.port).closed(make, CONNECTIONS, min(2.0, seconds))  # warm
        web, stored = self.server.cpu_seconds(), self._database_s()
        laps = [Run(self.server.port).closed(make, CONNECTIONS, seconds) for _ in range(LAPS)]
        web, stored = self.server.cpu_seconds() - web, self._database_s() - stored
        calls = max(sum(lap.calls for lap in laps), 1)
        return Measured(laps, web / calls * 1000, stored / calls * 1000)

    def burst(self) -> Seen:
        """Begin lifecycles in DIGIT's shape, three seconds a stage."""
        return Run(self.server.port).open(self.scripts.lifecycle, _starts())

    def claims(self, street_place: tuple[float, float, str]) -> tuple[int, list[str]]:
        """Let fifty run for each of 200 requests; return how often one won, and what was wrong."""
        filed: list[str] = []
        filing = [self.scripts.filing(street_place, filed.append) for _ in range(CLAIMED)]
        wrong = []
        for first in range(0, CLAIMED, CONNECTIONS):
            wrong += Run(self.server.port).each(filing[first : first + CONNECTIONS]).wrong
        single = 0
        for request_id in filed:
            winners: list[int] = []
            crowd = [
                self.scripts.claim(request_id, number, winners.append)
                for number in range(len(self.scripts.people.crowd))
            ]
            self.scripts.dice.shuffle(crowd)
            wrong += Run(self.server.port).each(crowd).wrong
            single += len(winners) == 1
        return single, wrong

    def _database_s(self) -> float:
        return cpu_seconds_of(self.database) if self.database else 0.0


def _starts() -> Iterator[float]:
    for stage, rate in enumerate(BURST):
        for second in range(STAGE_S):
            for n in range(rate):
                yield stage * STAGE_S + second + n / rate
