"""Requests by place: nearest first, every one once, and no more of it than the caller may see."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.geo.crs import Crs, from_wgs84
from app.geo.nearness import metres_between
from community.requests.near import places
from tests.near.scattering import scatter, set_state
from tests.people import NEIGHBOUR, RESIDENT, WORKER, Caller, Person, staff_with
from tests.requests_of import GRID, PLACE, file

Client = Callable[[Person], Caller]
URL = "/api/v1/requests"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def items(
    caller: Caller, query: str, url: str = URL, first: str | None = None
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = f"&cursor={first}" if first else ""
    while True:
        answer = caller.get(f"{url}?{query}{cursor}")
        assert answer.status_code == 200, answer.json
        assert answer.json is not None
        found += answer.json["items"]
        if answer.json["next"] is None:
            return found
        cursor = f"&cursor={answer.json['next']}"


def around(lng: float = PLACE[0], lat: float = PLACE[1], **more: Any) -> str:
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return f"near={lng},{lat}&crs=wgs84{rest}"


@pytest.mark.parametrize("seed", range(8))
def test_pages_repeat_and_lose_nothing_whatever_ties(sign_in: Client, seed: int) -> None:
    """Few cells and many requests: most distances are shared by several."""
    dice = random.Random(seed)
    caller = sign_in(RESIDENT)
    file(caller)
    cells = dice.randint(1, 12)
    spots = [
        {
            "lng": round(PLACE[0] + dice.randrange(cells) / 1000, 6),
            "lat": round(PLACE[1] + dice.randrange(cells) / 1000, 6),
        }
        for _ in range(dice.randint(30, 120))
    ]
    scatter(spots)
    limit = dice.choice((1, 2, 3, 7, 20))
    for url in (URL, f"{URL}/around"):
        who = caller if url == URL else sign_in(WORKER)
        found = items(who, around(limit=limit, radius=20_000), url)
        keys = [item["id"] for item in found]
        assert len(keys) == len(set(keys)) == len(spots) + 1
        assert [item["metres"] for item in found] == sorted(item["metres"] for item in found)
        for item in found:
            far = metres_between(PLACE, (item["lng"], item["lat"]))
            assert abs(item["metres"] - far) <= 1


def test_what_changes_between_pages_harms_no_other(sign_in: Client) -> None:
    """A request that goes or comes while somebody reads costs nobody else their place."""
    caller = sign_in(RESIDENT)
    file(caller)
    keys = scatter([{"lng": PLACE[0] + n % 5 / 1000, "lat": PLACE[1]} for n in range(40)])
    first = caller.get(f"{URL}?{around(limit=10)}").json
    assert first is not None
    read_already = {item["id"] for item in first["items"]}
    gone = next(key for key in keys if str(key) not in read_already)
    set_state(gone, "settled")
    set_state(next(iter(read_already)), "settled")
    came = scatter([{"lng": PLACE[0] + 0.002, "lat": PLACE[1]}])[0]
    rest = items(caller, around(limit=10), first=first["next"])
    later = [item["id"] for item in rest]
    assert not read_already & set(later)
    assert len(later) == len(set(later)) == 41 - 10 - 1 + 1
    assert str(came) in later
    assert str(gone) not in later


def test_the_public_view_is_rounded_and_leaves_out_what_is_confidential_or_closed(
    sign_in: Client,
) -> None:
    file(sign_in(RESIDENT))
    here = {"lng": PLACE[0] + 0.00012, "lat": PLACE[1] + 0.00013}
    shown, *hidden = scatter(
        [
            here,
            {**here, "confidential": True},
            *({**here, "state": state} for state in ("merged", "settled", "withdrawn", "rated")),
        ]
    )
    found = items(sign_in(NEIGHBOUR), around())
    keys = {item["id"] for item in found}
    assert str(shown) in keys
    assert not {str(key) for key in hidden} & keys
    for item in found:
        assert (item["lng"], item["lat"]) == (round(item["lng"], 3), round(item["lat"], 3))
        assert set(item) == {
            "id", "number", "matter_code", "state", "lng", "lat", "filed_at", "metres",
        }  # fmt: skip


def test_a_worker_sees_exact_places_within_their_grant_and_confidential_ones_too(
    sign_in: Client,
) -> None:
    file(sign_in(RESIDENT))
    here = {"lng": PLACE[0] + 0.00012, "lat": PLACE[1] + 0.00013}
    mine, secret, other = scatter(
        [here, {**here, "confidential": True}, {**here, "grid": "DDHT-ELSEWHERE"}]
    )
    found = {item["id"]: item for item in items(sign_in(WORKER), around(), f"{URL}/around")}
    assert {str(mine), str(secret)} < found.keys()
    assert str(other) not in found
    assert found[str(mine)]["lng"] == here["lng"]
    assert found[str(mine)]["metres"] == round(metres_between(PLACE, (here["lng"], here["lat"])))
    assert "words" not in found[str(mine)]
    assert sign_in(RESIDENT).get(f"{URL}/around?{around()}").status_code == 403


def test_the_filters_of_a_list(sign_in: Client) -> None:
    caller = sign_in(RESIDENT)
    file(caller)
    spot = {"lng": PLACE[0] + 0.003, "lat": PLACE[1]}
    late, today, later, heat, claimed, elsewhere = (
        str(key)
        for key in scatter(
            [
                {**spot, "hours": -1.0},
                {**spot, "hours": 0.0001},
                {**spot, "hours": 30.0},
                {**spot, "matter": "HEAT-COLD"},
                {**spot, "state": "claimed"},
                {**spot, "grid": "DDHT-DG-X"},
            ]
        )
    )

    def keys(**more: Any) -> set[str]:
        return {item["id"] for item in items(caller, around(**more))}

    assert keys(due="overdue") == {late} or keys(due="overdue") == {late, today}
    assert late not in keys(due_within=48)
    assert later in keys(due_within=48)
    assert later not in keys(due_within=24)
    assert keys(matter="HEAT-COLD") == {heat}
    assert keys(state="claimed") == {claimed}
    assert elsewhere not in keys(area=GRID)
    assert late in keys(area="DDHT-XQ-LT")
    assert keys(area="DDHT-NOWHERE") == set()
    assert keys(matter="HEAT-COLD", due_within=24) == set()


def test_due_today_ends_at_midnight_in_the_district(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    keys = scatter([{"lng": PLACE[0], "lat": PLACE[1], "hours": hours} for hours in (1.0, 48.0)])
    due = clock.now() + timedelta(hours=1)
    morning = due.astimezone(clock.SHANGHAI).replace(hour=0, minute=0, second=1)

    def due_today(now: datetime) -> list[Any]:
        monkeypatch.setattr(clock, "now", lambda: now)
        page = places.near(places.Wanted(PLACE, 500, due="today"), None, 20)
        return [item["id"] for item in page.items if str(item["id"]) != filed]

    assert due_today(morning) == due_today(due + timedelta(minutes=5)) == keys[:1]
    assert due_today(morning - timedelta(seconds=2)) == []


def test_a_box_is_a_filter_and_a_place_to_begin(sign_in: Client) -> None:
    caller = sign_in(RESIDENT)
    file(caller)
    inside, outside = scatter(
        [
            {"lng": PLACE[0] + 0.004, "lat": PLACE[1] + 0.004},
            {"lng": PLACE[0] + 0.02, "lat": PLACE[1]},
        ]
    )
    west, south, east, north = (
        PLACE[0] - 0.01, PLACE[1] - 0.01, PLACE[0] + 0.01, PLACE[1] + 0.01,
    )  # fmt: skip
    query = f"bbox={west:.6f},{south:.6f},{east:.6f},{north:.6f}&crs=wgs84"
    keys = {item["id"] for item in items(caller, query)}
    assert str(inside) in keys
    assert str(outside) not in keys
    shifted = [*from_wgs84(west, south, Crs.GCJ02), *from_wgs84(east, north, Crs.GCJ02)]
    as_gcj = f"bbox={','.join(f'{number:.9f}' for number in shifted)}&crs=gcj02"
    assert {item["id"] for item in items(caller, as_gcj)} == keys


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("near=124.35,40.04", 422, "invalid"),
        ("near=124.35,40.04&crs=wgs72", 422, "invalid"),
        ("crs=wgs84", 422, "invalid"),
        ("near=124.35,90&crs=wgs84", 422, "invalid"),
        ("near=181,40&crs=wgs84", 422, "invalid"),
        ("near=nan,40&crs=wgs84", 422, "invalid"),
        ("near=124.35,40.04&crs=wgs84&radius=0", 422, "invalid"),
        ("near=124.35,40.04&crs=wgs84&state=settled", 422, "invalid"),
        ("near=124.35,40.04&crs=wgs84&due=soon", 422, "invalid"),
        ("bbox=124.4,40.0,124.3,40.1&crs=wgs84", 400, "box-refused"),
        ("bbox=124.3,40.0,124.3,40.1&crs=wgs84", 400, "box-refused"),
        ("bbox=120,38,125,42&crs=wgs84", 400, "box-refused"),
        ("near=124.35,40.04&crs=wgs84&cursor=bm9uc2Vuc2U", 400, "cursor-refused"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_name(
    sign_in: Client, query: str, status: int, expected: str
) -> None:
    for person, url in ((RESIDENT, URL), (WORKER, f"{URL}/around")):
        answer = sign_in(person).get(f"{url}?{query}")
        assert (answer.status_code, slug(answer)) == (status, expected), query


def test_nothing_is_near_the_pole(sign_in: Client) -> None:
    file(sign_in(RESIDENT))
    assert items(sign_in(RESIDENT), "near=124.35,89.999999&crs=wgs84&radius=20000") == []


def test_a_cursor_of_one_list_is_none_of_the_other(sign_in: Client, app: Flask) -> None:
    caller = sign_in(RESIDENT)
    file(caller)
    scatter([{"lng": PLACE[0], "lat": PLACE[1]}] * 3)
    cursor = caller.get(f"{URL}?{around(limit=1)}").json["next"]  # type: ignore[index]
    staff = sign_in(staff_with("district_staff"))
    answer = staff.get(f"{URL}/around?{around(limit=1)}&cursor={cursor}")
    assert slug(answer) == "cursor-refused"
