"""One real day from end to end, through real processes, with a worker killed on the way."""

import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import surroundings
from tests.people import PEOPLE
from tests.walk.phone import Answer, Phone
from tests.walk.processes import dying_worker, web, worker
from tests.walk.sign_in import Inbox, Sessions
from tests.walk.steps import Walk

PEOPLE_OF_THE_DAY = ("resident", "neighbour", "worker", "second_worker", "staff", "second_staff")


class Silent:
    """Nobody listens."""

    def step(self, zh: str, en: str) -> None: ...

    def came(self, phone: Phone, sent: str, answer: Answer, *, show: object = None) -> None: ...

    def note(self, words: str) -> None: ...


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    url = surroundings.clone(f"walk_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    yield surroundings.environment(url, tmp_path)
    surroundings.drop_database(url)


def test_one_real_day(installation: Mapping[str, str]) -> None:
    """Every step of the walk holds, and each outcome reaches the district once, in order."""
    sessions = Sessions(Inbox(Path(installation["LINLI_SMS_COPY"])), Silent())
    with web(installation) as base:
        walk = Walk(base, PEOPLE, sessions.sign_in, Silent())
        with worker(installation):
            for who in PEOPLE_OF_THE_DAY:
                walk.arrive(who)
            walk.file_and_lose_the_answer()
            walk.find_nearby()
            walk.claim_at_the_same_instant()
            await_outcomes(installation, 1)
        walk.settle_and_rate()
        walk.publish_a_notice()
        a_worker_dies_between_sending_and_recording(installation)
        with worker(installation):
            await_outcomes(installation, 3)
    number = walk.request["number"]
    found = outcomes(installation)
    assert [(each["seq"], each["kind"]) for each in found] == [
        (1, "request-filed"),
        (2, "request-settled"),
        (3, "request-rated"),
    ]
    assert {each["payload"]["number"] for each in found} == {number}
    assert (found[1]["payload"]["result"], found[2]["payload"]["stars"]) == ("solved", 5)
    assert told(installation) == [(1, 1, True), (2, 2, True), (3, 1, True)]


def a_worker_dies_between_sending_and_recording(installation: Mapping[str, str]) -> None:
    assert dying_worker(installation) == -signal.SIGKILL
    assert len(outcomes(installation)) == 2, "it was sent"
    assert told(installation) == [(1, 1, True), (2, 1, False), (3, 0, False)], "and not recorded"
    with psycopg.connect(installation["DATABASE_URL"], autocommit=True) as connection:
        # its lease runs out: half a minute passes
        connection.execute("UPDATE outbox SET lease_until = now() - interval '1 second'")


def outcomes(installation: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the district finds: only what is marked as complete."""
    folder = Path(installation["LINLI_EXCHANGE_OUT"])
    marked = sorted(folder.glob("*.ok"))
    assert [path.with_suffix(".json").name for path in marked] == sorted(
        path.name for path in folder.glob("*.json")
    )
    return [json.loads(path.with_suffix(".json").read_text("utf-8")) for path in marked]


def told(installation: Mapping[str, str]) -> list[tuple[int, int, bool]]:
    """Return (number, tries, sent) of each event."""
    with psycopg.connect(installation["DATABASE_URL"], autocommit=True) as connection:
        sql = "SELECT seq, tries::int, sent_at IS NOT NULL FROM outbox ORDER BY seq"
        return connection.execute(sql).fetchall()


def await_outcomes(installation: Mapping[str, str], wanted: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if sum(sent for _, _, sent in told(installation)) >= wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{wanted} outcomes did not leave: {told(installation)}")
