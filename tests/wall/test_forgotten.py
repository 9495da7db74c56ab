"""An operation whose query has lost its condition shows its caller nothing of anybody else."""

from typing import Any

import pytest
from flask import Flask

from app.corrections import queries
from app.database import Sight
from app.identity.sessions import devices
from tests.people import NEIGHBOUR, RESIDENT, Caller, bearer


@pytest.fixture
def two(app: Flask) -> tuple[Caller, Caller]:
    """Return two residents, each with a device."""
    return Caller(app, bearer(RESIDENT)), Caller(app, bearer(NEIGHBOUR))


def shown(who: Caller, path: str) -> dict[str, Any]:
    return dict(who.get(path).json or {})


def test_a_list_of_tickets_without_its_condition_shows_ones_own(
    two: tuple[Caller, Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    for who, name in zip(two, ("冯帆", "冯凡"), strict=True):
        body = {"field": "name", "wanted": name, "reason": "户口本上是这个字"}
        assert who.post("/api/v1/me/corrections", body).status_code == 201
    whole = queries.LISTED
    forgotten = whole.replace("AND (%(by)s::uuid IS NULL OR asked_by = %(by)s)", "")
    monkeypatch.setattr(queries, "LISTED", forgotten)
    assert forgotten != whole
    for who, name in zip(two, ("冯帆", "冯凡"), strict=True):
        found = shown(who, "/api/v1/corrections")["items"]
        assert [ticket["wanted"] for ticket in found] == [name]


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
