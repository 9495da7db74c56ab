"""An operation whose query has lost its condition shows its caller nothing of anybody else."""

from typing import Any

import pytest
from flask import Flask

from app.database import Sight
from app.identity.sessions import devices
from community.requests import queries
from tests.people import NEIGHBOUR, RESIDENT, Caller, bearer
from tests.requests_of import file


@pytest.fixture
def two(app: Flask) -> tuple[Caller, Caller]:
    """Return two residents, each with a device."""
    return Caller(app, bearer(RESIDENT)), Caller(app, bearer(NEIGHBOUR))


def shown(who: Caller, path: str) -> dict[str, Any]:
    return dict(who.get(path).json or {})


def test_a_timeline_without_its_condition_tells_of_no_other_case(
    two: tuple[Caller, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = two
    key, other = (file(each)["request"]["id"] for each in two)
    whole = queries.TIMELINE
    monkeypatch.setattr(queries, "TIMELINE", whole.replace("WHERE request_id = %(id)s", ""))
    assert whole != queries.TIMELINE
    steps = [
        [entry["step"] for entry in shown(who, f"/api/v1/requests/{own}")["timeline"]]
        for who, own in ((mine, key), (theirs, other))
    ]
    assert steps == [["file", "dispatch"]] * 2


def test_a_list_of_devices_without_its_condition_shows_ones_own(
    two: tuple[Caller, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = devices.MINE
    monkeypatch.setattr(devices, "MINE", whole.replace("account_id = %(me)s AND", ""))
    assert whole != devices.MINE
    for who in two:
        assert len(shown(who, "/api/v1/sessions")["items"]) == 1


def test_a_read_tells_the_server_once_in_whose_sight_it_runs(
    two: tuple[Caller, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    whole = Sight.said

    def counted(self: Sight, *, deed: bool = False) -> bytes:
        said.append(self.kind)
        return whole(self, deed=deed)

    monkeypatch.setattr(Sight, "said", counted)
    for who in (*two, *two):  # in turn: the connection was another's each time
        said.clear()
        assert who.get("/api/v1/requests/mine").status_code == 200
        assert said == ["beyond"]
