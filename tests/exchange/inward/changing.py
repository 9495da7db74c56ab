"""A street far out with two grids side by side, and the changes that befall it."""

from datetime import date, timedelta
from typing import Any

import pytest

from app import clock
from app.areas.service import grid_index
from app.database import read
from tests.exchange.drops import District, one
from tests.exchange.records import area
from tests.people import Caller
from tests.requests_of import file

WEST, EAST = (10.005, 10.005), (10.015, 10.005)
HALF = 0.01


def days(n: int) -> date:
    """Return the day that is so many days from today, whatever day a test pretends it is."""
    return clock.now().astimezone(clock.SHANGHAI).date() + timedelta(days=n)


def change(old: str, new: str, kind: str = "merge", on_day: date | None = None, **more: Any) -> Any:
    """Return a record of the stream."""
    record = {"sid": f"{old}-{new}", "ver": 1, "old_code": old, "new_code": new, "kind": kind}
    return record | {"on_day": (on_day or days(0)).isoformat()} | more


def outline(code: str, west: float, east: float, **more: Any) -> Any:
    """Return the outline of a grid between two meridians."""
    ring = [[west, 10.0], [east, 10.0], [east, 10.01], [west, 10.01], [west, 10.0]]
    polygon = str({"type": "Polygon", "coordinates": [ring]}).replace("'", '"')
    record = {"sid": code, "ver": 1, "code": code, "polygon": polygon, "crs": "wgs84"}
    return record | {"valid_from": "2024-01-01"} | more


def lay_out(district: District) -> None:
    """Send the street, its western grid A and its eastern grid B."""
    district.send(
        areas=[
            area("TRY-S", None, level="community"),
            *(area(code, "TRY-S") for code in ("TRY-A", "TRY-B")),
        ],
        polygons=[outline("TRY-A", 10.0, 10.01), outline("TRY-B", 10.01, 10.02)],
    )
    grid_index.forget()


def add_areas(district: District, *codes: str, **more: Any) -> None:
    """Send further grids of the street, without outlines."""
    district.send(areas=[area(code, "TRY-S", **more) for code in codes])


def merge_into_c(district: District, on_day: date | None = None) -> None:
    """Send a new grid C, and that A and B become it."""
    add_areas(district, "TRY-C")
    district.send(area_changes=[change(each, "TRY-C", on_day=on_day) for each in AB])


AB = ("TRY-A", "TRY-B")


def split_a(district: District, on_day: date | None = None) -> None:
    """Send that A is split into a western and an eastern half, with their outlines."""
    add_areas(district, "TRY-A1", "TRY-A2")
    half = 10.0 + HALF / 2
    district.send(
        polygons=[outline("TRY-A1", 10.0, half), outline("TRY-A2", half, 10.01)],
        area_changes=[change("TRY-A", each, "split", on_day) for each in ("TRY-A1", "TRY-A2")],
    )


def it_is(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Let it be another day."""
    monkeypatch.setattr(clock, "today", lambda: day)
    grid_index.forget()


def file_at(caller: Caller, place: tuple[float, float]) -> str:
    """File a request at a place and return its path."""
    point = {"lng": place[0], "lat": place[1], "crs": "wgs84"}
    return f"/api/v1/requests/{file(caller, place=point)['request']['id']}"


def seen(caller: Caller, path: str) -> dict[str, Any]:
    """Return a request as somebody sees it who may."""
    answer = caller.get(path)
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def grid_of(caller: Caller, path: str) -> str:
    """Return the grid of a request."""
    return str(seen(caller, path)["request"]["grid_code"])


def steps_of(caller: Caller, path: str) -> list[str]:
    """Return the steps of a request's timeline."""
    return [entry["step"] for entry in seen(caller, path)["timeline"]]


def valid_to(code: str) -> date | None:
    """Return the first day on which an area is no longer valid."""
    found: date | None = one("SELECT valid_to FROM area WHERE code = %(code)s", code=code)
    return found


def held() -> dict[tuple[str, str], str | None]:
    """Return the changes that the product knows, and why some do not count."""
    rows = read("SELECT * FROM area_succession WHERE old_code LIKE 'TRY%%'", {})
    return {(row.old_code, row.new_code): row.held for row in rows}
