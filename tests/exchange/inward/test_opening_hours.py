"""Where the counters are and when they are open: told to everybody, whatever one record holds."""

import json
from typing import Any

import pytest
from flask import Flask

from app.database import transaction, write
from tests.exchange.drops import District, keys_of, one, tally
from tests.exchange.records import point
from tests.people import Caller

HOURS = {"mon": [["08:30", "11:30"], ["13:00", "17:00"]], "sun": []}
BY_NAME = "/api/v1/points/TRY-P1"
NEARBY = "/api/v1/points?near=124.35,40.05&crs=wgs84&radius=1000"
ODD = ["5", "null", "[]", '"all day"', '{"mon": 3}', '{"mon": [["17:00", "08:30"]]}']


def hours_shown(nobody: Caller) -> tuple[object, object]:
    """Return the hours of the made-up point, as it is shown by name and in a list."""
    shown, listed = told(nobody, BY_NAME), told(nobody, NEARBY)
    (near,) = [each for each in listed["items"] if each["code"] == "TRY-P1"]
    return shown["point"]["opens"], near["opens"]


def told(nobody: Caller, path: str) -> Any:
    answer = nobody.get(path)
    assert answer.status_code == 200
    return answer.json


def test_a_point_says_when_it_is_open(district: District, nobody: Caller) -> None:
    district.send(points=[point("TRY-P1", opens=json.dumps(HOURS))])
    assert hours_shown(nobody) == (HOURS, HOURS)


@pytest.mark.parametrize("opens", ODD)
def test_a_point_with_odd_hours_is_put_aside_and_its_neighbour_is_shown(
    district: District, nobody: Caller, opens: str
) -> None:
    rows = [point("TRY-P1"), point("TRY-P2", opens=opens)]
    assert tally(district.send(points=rows)["points"]) == {"in": 2, "inserted": 1, "bad": 1}
    assert keys_of("service_point", "code") == ["TRY-P1"]
    code = one("SELECT code FROM sync_quarantine WHERE source = 'try-out'")
    assert code == "NOT_OPENING_HOURS"
    assert hours_shown(nobody) == ({}, {})


@pytest.mark.parametrize("opens", ODD)
def test_odd_hours_that_an_older_version_took_are_not_told_and_hide_nobody(
    district: District, nobody: Caller, app: Flask, opens: str
) -> None:
    district.send(points=[point("TRY-P1", opens=json.dumps(HOURS))])
    with transaction():
        write(
            "UPDATE service_point SET opens = %(opens)s::jsonb WHERE code = 'TRY-P1'",
            {"opens": opens},
        )
    assert hours_shown(nobody) == ({}, {})
