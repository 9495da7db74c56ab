"""Delivery: how many people a second, what 20 kills cost, and whether memory stays flat."""

import os
import random
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.interpreter import CHECKOUT
from bench.notices.carrier import Carrier

KILLS, CREW = 20, 2
PAGE, KILLED_PAGE = 2000, 500
SEED = 20261125

PUBLISHED = """
INSERT INTO notice (id, root_id, revision, state, version, kind, priority, drill, pinned, needs_ack,
  title, body_md, body_html, large_text, read_aloud, grams, audience, places, people, area_codes,
  touches, drafted_by, drafted_at, published_at)
VALUES (%(id)s, %(id)s, 1, 'published', 4, 'general', 2, false, false, false, 'x', 'x', 'x', 'x',
  'x', '{}', '{}', %(places)s, 1, %(places)s, %(places)s, %(id)s, now(), now())
"""
CAMPAIGN = """
INSERT INTO delivery_campaign (notice_id, channel, lane, made_at, due_at)
VALUES (%(id)s, 'none', 'delivery', now(), now())
"""
REACHED = "SELECT coalesce(sum(residents), 0) FROM notice_reach WHERE notice_id = %(id)s"
PEOPLE = """
SELECT count(*) FROM resident r JOIN household h ON h.sid = r.household_sid
JOIN address ad ON ad.sid = h.address_sid JOIN area a ON a.code = ad.grid_code
WHERE a.path && %(places)s::text[]
"""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was measured. ``kill_duplicates`` went out twice and were hidden by their keys.

    ``worker_rss_growth``: the peak of one worker that delivers to everybody alone, by that of one
    that delivers to some ten thousand.
    """

    recipients_per_s: float
    kill_lost: int
    kill_duplicates: int
    kill_duplicates_bound: int
    worker_rss_growth: float

    @property
    def kills_cost_no_more_than_promised(self) -> bool:
        """Tell whether nobody was lost, and no more than a page a kill went out twice."""
        return not self.kill_lost and self.kill_duplicates <= self.kill_duplicates_bound


def measure(
    owner_url: str,
    environment: Mapping[str, str],
    python: Path,
    kills: int = KILLS,
    everybody: Sequence[str] = ("B",),
    few: Sequence[str] = ("BC1", "BC2", "BC3"),
    some: Sequence[str] = ("BZ0",),
) -> Delivered:
    """Deliver to some ten thousand and to everybody, then to a sub-zone under kills.

    To everybody twice: by the crew for the time, and by one worker for the memory that it takes.
    """
    small = _Campaign(owner_url, few)
    _, memory_small = _run(small, environment, python, crew=1)
    large = _Campaign(owner_url, everybody)
    seconds, _ = _run(large, environment, python, crew=CREW)
    alone = _Campaign(owner_url, everybody)
    _, memory_large = _run(alone, environment, python, crew=1)
    for each in (small, large, alone):
        if each.reached() != each.people:
            raise AssertionError(f"{each.reached()} of {each.people} were counted")
    lost, twice = under_kills(
        owner_url, environment, python, some, PAUSE_BETWEEN_PAGES, kills=kills
    )
    return Delivered(
        large.people / seconds, lost, twice, kills * KILLED_PAGE, memory_large / memory_small
    )


PAUSE_BETWEEN_PAGES = 0.002


class _Campaign:
    """An emergency and its campaign on the channel without a provider."""

    def __init__(self, owner_url: str, places: Sequence[str]) -> None:
        self._url, self.id = owner_url, uuid.uuid4()
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute("SET linli.sight = 'system'")
            about = {"id": self.id, "places": list(places)}
            row = connection.execute(PEOPLE, about).fetchone()
            self.people = int(row[0]) if row else 0
            connection.execute(PUBLISHED, about)
            connection.execute(CAMPAIGN, about)

    def reached(self) -> int:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("SET linli.sight = 'system'")
            row = connection.execute(REACHED, {"id": self.id}).fetchone()
        return int(row[0]) if row else 0


def _run(
    campaign: _Campaign, environment: Mapping[str, str], python: Path, crew: int
) -> tuple[float, float]:
    """Return the seconds until all is delivered and counted, and the peak of the largest worker."""
    workers = [_worker(environment, python, PAGE=str(PAGE)) for _ in range(crew)]
    began = time.perf_counter()
    for worker in workers:
        _begin(worker)
    peaks = [float(worker.communicate()[0].split()[-1]) for worker in workers]
    return time.perf_counter() - began, max(peaks)


def under_kills(
    owner_url: str,
    environment: Mapping[str, str],
    python: Path,
    everybody: Sequence[str],
    pause: float,
    page: int = KILLED_PAGE,
    kills: int = KILLS,
) -> tuple[int, int]:
    """Kill workers in the midst of a campaign; return how many people were lost, and sent twice."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder, Carrier(Path(folder) / "carrier") as carrier:
        settings = {"CARRIER": str(carrier.path), "PAGE": str(page), "LEASE": "2"}
        settings["PAUSE"] = str(pause)
        campaign = _Campaign(owner_url, everybody)
        workers = [_worker(environment, python, **settings) for _ in range(CREW)]
        spare = [_worker(environment, python, **settings) for _ in range(kills)]
        for worker in workers:
            _begin(worker)
        step = campaign.people / (kills + 1)
        for number in range(1, kills + 1):
            _until(carrier, int(step * number))
            fallen = workers.pop(chance.randrange(len(workers)))
            os.kill(fallen.pid, signal.SIGKILL)
            fallen.communicate()
            workers.append(spare.pop())
            _begin(workers[-1])
        for worker in workers:
            worker.communicate(timeout=120)
        return campaign.people - len(carrier.seen), carrier.repeats


def _until(carrier: Carrier, many: int) -> None:
    deadline = time.monotonic() + 120
    while len(carrier.seen) < many:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {len(carrier.seen)} of {many} were sent")
        time.sleep(0.002)


def _worker(environment: Mapping[str, str], python: Path, **more: str) -> "subprocess.Popen[str]":
    worker = subprocess.Popen(
        [str(python), "-m", "bench.notices.deliverer"],
        env={**environment, **more},
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    if worker.stdout.readline().strip() != "ready":
        raise RuntimeError("a worker did not start")
    return worker


def _begin(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()
