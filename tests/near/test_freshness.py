"""A map is at most five seconds old, whoever is bringing the counts up to date meanwhile."""

from collections.abc import Callable

import pytest

from community.requests.near import counting
from community.requests.near.cells import Box
from community.requests.near.counting import counts
from tests.people import RESIDENT, Caller, Person
from tests.requests_of import file

Client = Callable[[Person], Caller]
ALL = Box(124.0, 39.5, 125.0, 40.5)


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


class Door:
    """A lock that another thread holds: who does not wait does not get in, who waits does."""

    def __init__(self) -> None:
        self.waited: list[bool] = []

    def acquire(self, blocking: bool = True) -> bool:
        self.waited.append(blocking)
        return blocking

    def release(self) -> None: ...


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(counting, "time", made)
    return made


def shown() -> int:
    return sum(cluster.n for cluster in counts.clusters(ALL, 10, None).items)


def test_after_five_seconds_at_most_a_case_is_on_the_map(sign_in: Client, watch: Watch) -> None:
    resident = sign_in(RESIDENT)
    file(resident)
    assert shown() == 1
    file(resident)
    watch.now += 2.9
    assert shown() == 1, "so soon nobody asks the database again"
    watch.now += 2.1
    assert shown() == 2


def test_whoever_meets_another_looking_waits_only_where_it_would_be_too_old(
    sign_in: Client, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = sign_in(RESIDENT)
    file(resident)
    assert shown() == 1
    file(resident)
    door = Door()
    monkeypatch.setattr(counts, "_looking", door)
    watch.now += 3.9
    assert (shown(), door.waited) == (1, [False])
    watch.now += 1.1
    assert (shown(), door.waited) == (2, [False, True])
