"""Staff see how many, by area, before and after; never who, and never of fewer than five."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.database import read, transaction, write
from notices.model.reaching import count
from notices.reach import estimate as reckoning
from notices.reach.freezing import FREEZING
from tests.notices_of import PATH, Client, age_everybody, draft, publish, slug
from tests.people import RESIDENT, STAFF, staff_with

LIVING = """
SELECT count(*) AS n FROM resident r JOIN household h ON h.sid = r.household_sid
JOIN address ad ON ad.sid = h.address_sid JOIN area a ON a.code = ad.grid_code
WHERE %(area)s = ANY(a.path)
"""
OWING = """
SELECT sum(residents)::int AS n FROM notice_audience
WHERE notice_id = %(id)s AND age_class <> 'child'
"""
MOVE = "UPDATE resident SET household_sid = %(home)s WHERE sid = 'R00000001'"


def living_in(area: str) -> int:
    return int(read(LIVING, {"area": area})[0].n)


def freeze() -> None:
    while FREEZING.run():
        pass


def reach_of(sign_in: Client, notice: dict[str, Any], under: str = "") -> dict[str, Any]:
    path = f"{PATH}/{notice['id']}/reach" + (f"?under={under}" if under else "")
    answer = sign_in(STAFF).get(path)
    assert answer.status_code == 200, answer.json
    return dict(answer.json or {})


def test_who_will_see_it_is_estimated_by_area_and_never_by_name(sign_in: Client) -> None:
    notice = draft(sign_in, audience={"areas": ["DDHT-XQ"]})
    found = sign_in(STAFF).get(f"{PATH}/{notice['id']}/audience").json or {}
    assert (found["nobody"], found["exact"], found["workers"]) == (False, True, 0)
    assert found["residents"] == living_in("DDHT-XQ")
    streets = {each["area"]: each["residents"] for each in found["areas"]}
    assert streets["DDHT-XQ-LT"] == living_in("DDHT-XQ-LT")
    assert sum(streets.values()) == found["residents"]


@pytest.mark.parametrize(("grids", "within"), [(20, 0.35), (60, 0.25), (100, 0.15)])
def test_an_estimate_by_some_grids_comes_near_to_the_truth_and_says_that_it_is_none(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch, grids: int, within: float
) -> None:
    notice = draft(sign_in, audience={"areas": ["DDHT"]})
    truth = living_in("DDHT")
    monkeypatch.setattr(reckoning, "COUNTED", grids)
    found = sign_in(STAFF).get(f"{PATH}/{notice['id']}/audience").json or {}
    assert found["exact"] is False
    assert abs(found["residents"] - truth) / truth < within
    assert sum(each["residents"] for each in found["areas"]) == found["residents"]
    for each in found["areas"]:
        there = living_in(each["area"])
        assert abs(each["residents"] - there) / truth < within, "so does every part"


def test_what_text_messages_cost_is_said_before_they_are_sent(sign_in: Client) -> None:
    def texts(**changes: Any) -> Any:
        notice = draft(sign_in, audience={"areas": ["DDHT-XQ"]}, **changes)
        return (sign_in(STAFF).get(f"{PATH}/{notice['id']}/audience").json or {})["texts"]

    living = living_in("DDHT-XQ")
    assert texts() is None
    short = texts(priority="emergency")
    assert short["at_once"] is True
    assert short["parts_at_most"] == short["parts_each"] * living
    long = texts(priority="emergency", body_md="停水" * 500)
    assert (long["parts_each"], long["parts_at_most"]) == (4, 4 * living)
    assert long["parts_each"] > short["parts_each"]


def test_an_estimate_of_fewer_than_five_says_no_number(sign_in: Client) -> None:
    who = read("SELECT id FROM resident WHERE sid = 'R00000001'")[0].id
    one = draft(sign_in, audience={"residents": [str(who)]})
    found = sign_in(STAFF).get(f"{PATH}/{one['id']}/audience").json or {}
    assert (found["nobody"], found["residents"]) == (False, None)
    assert [each["residents"] for each in found["areas"]] == [None]
    empty = {"areas": ["DDHT"], "people": [], "matters": ["RUBBISH"]}
    none = draft(sign_in, audience=empty)
    assert (sign_in(STAFF).get(f"{PATH}/{none['id']}/audience").json or {})["nobody"] is True


def test_the_audience_is_frozen_when_it_is_published(app: Flask, sign_in: Client) -> None:
    age_everybody()
    notice = publish(sign_in, audience={"areas": ["DDHT"]})
    assert reach_of(sign_in, notice)["counted_at"] is None
    freeze()
    before = reach_of(sign_in, notice)
    assert before["areas"][0]["residents"] == living_in("DDHT")
    with transaction():
        write(MOVE, {"home": "H0000002"})
    try:
        freeze()
        assert reach_of(sign_in, notice) == before
    finally:
        with transaction():
            write(MOVE, {"home": "H0000001"})
    assert {each["age_class"] for each in before["classes"]} >= {"child", "adult", "elder"}
    total = sum(each["residents"] for each in before["classes"] if each["residents"])
    assert total <= before["areas"][0]["residents"]


def test_fewer_than_five_readers_are_not_shown_and_more_are(app: Flask, sign_in: Client) -> None:
    notice = publish(sign_in, audience={"areas": ["DDHT"]})
    freeze()
    sign_in(RESIDENT).post(f"/api/v1/inbox/{notice['id']}/read")
    assert reach_of(sign_in, notice)["areas"][0]["reached"]["read"] is None
    spread(notice, {"DDHT-XQ-LT-C03-G2": 6, "DDHT-DG-XX-C02-G1": 2})
    assert reach_of(sign_in, notice)["areas"][0]["reached"]["read"] == 9
    below = {each["area"]: each for each in reach_of(sign_in, notice, "DDHT")["areas"]}
    # 7 and 2: the two would be told apart by the nine of all
    assert [each["reached"]["read"] for each in below.values()] == [None, None, None]
    assert below["DDHT-XQ"]["residents"] == living_in("DDHT-XQ")
    for each in reach_of(sign_in, notice, "DDHT-XQ")["areas"]:
        assert each["reached"]["read"] is None, "hidden above, so hidden below"


def test_each_channel_has_its_number_and_no_report_names_anybody(sign_in: Client) -> None:
    notice = publish(sign_in, audience={"areas": ["DDHT"]})
    freeze()
    for channel, n in (("push", 20), ("sms", 30), ("wechat", 3)):
        spread(notice, {"DDHT-XQ-LT-C03-G2": n}, channel)
    (line,) = reach_of(sign_in, notice)["areas"]
    assert {name: line["reached"][name] for name in ("push", "sms", "wechat")} == {
        "push": 20,
        "sms": 30,
        "wechat": None,
    }
    told = sign_in(STAFF).get(f"{PATH}/{notice['id']}/reach").text
    told += sign_in(STAFF).get(f"{PATH}/{notice['id']}/audience").text
    named = read("SELECT id, sid, household_sid FROM resident")
    assert not [row for row in named if str(row.id) in told]
    known = {word.strip('"') for word in told.replace(":", ",").split(",")}
    assert not known & {key for row in named for key in (row.sid, row.household_sid)}


def test_who_still_owes_an_answer_is_counted_by_area(app: Flask, sign_in: Client) -> None:
    """Of those who had to answer, children left out, who has not; hidden where a few could be."""
    age_everybody()
    by = (clock.now() + timedelta(hours=72)).isoformat()
    notice = publish(sign_in, audience={"areas": ["DDHT"]}, needs_ack=True, ack_by=by)
    freeze()
    owing = read(OWING, {"id": notice["id"]})[0].n
    (line,) = reach_of(sign_in, notice)["areas"]
    assert line["outstanding"] is None, "none has answered: who owes would tell who need not"
    spread(notice, {"DDHT-XQ-LT-C03-G2": 40, "DDHT-DG-XX-C02-G1": 30}, "ack")
    (line,) = reach_of(sign_in, notice)["areas"]
    assert (line["reached"]["ack"], line["outstanding"]) == (70, owing - 70)
    assert "outstanding" not in line["reached"]
    below = {each["area"]: each for each in reach_of(sign_in, notice, "DDHT")["areas"]}
    told = {area: each["outstanding"] for area, each in below.items()}
    assert told["DDHT-QY"] is None, "nobody answered there"
    assert [told["DDHT-XQ"], told["DDHT-DG"]].count(None) == 1, "or DDHT-QY could be reckoned"


def test_who_owes_is_told_too_where_the_audience_has_no_children(
    app: Flask, sign_in: Client
) -> None:
    age_everybody()
    by = (clock.now() + timedelta(hours=72)).isoformat()
    elders = {"areas": ["DDHT"], "people": ["elders"]}
    notice = publish(sign_in, audience=elders, needs_ack=True, ack_by=by)
    freeze()
    owing = read(OWING, {"id": notice["id"]})[0].n
    for answered, told in ((4, None), (1, owing - 5), (owing - 5 - 4, None)):
        spread(notice, {"DDHT-XQ-LT-C03-G2": answered}, "ack")
        (line,) = reach_of(sign_in, notice)["areas"]
        assert line["outstanding"] == told, "fewer than five have answered, or still owe"


@pytest.mark.parametrize(
    ("children", "told"), [(0, 30), (1, None), (2, None), (3, None), (4, None), (5, 30)]
)
def test_who_owes_does_not_tell_of_a_few_children_who_need_not(
    app: Flask, sign_in: Client, children: int, told: int | None
) -> None:
    """Of all, who answered and who owes add up to who had to: the rest are the children."""
    by = (clock.now() + timedelta(hours=72)).isoformat()
    notice = publish(sign_in, audience={"areas": ["DDHT"]}, needs_ack=True, ack_by=by)
    freeze()
    grid = "DDHT-XQ-LT-C03-G2"
    with transaction():
        write("DELETE FROM notice_audience WHERE notice_id = %(id)s", {"id": notice["id"]})
        for age, n in (("adult", 40), ("child", children)):
            about = {"id": notice["id"], "code": grid, "age": age, "n": n}
            write(COUNTED, about)
    spread(notice, {grid: 10}, "ack")
    (line,) = reach_of(sign_in, notice)["areas"]
    assert (line["residents"], line["reached"]["ack"]) == (40 + children, 10)
    assert line["outstanding"] == told


def test_what_asks_for_no_answer_owes_none(sign_in: Client) -> None:
    notice = publish(sign_in, audience={"areas": ["DDHT"]})
    freeze()
    spread(notice, {"DDHT-XQ-LT-C03-G2": 40}, "ack")
    assert [each["outstanding"] for each in reach_of(sign_in, notice)["areas"]] == [None]


ZONE = """
INSERT INTO area (code, name, level, path, valid_from)
VALUES (%(code)s, 'x', 'zone', ARRAY[%(code)s], '2020-01-01')
"""
COUNTED = """
INSERT INTO notice_audience (notice_id, grid_code, age_class, residents)
VALUES (%(id)s, %(code)s, %(age)s, %(n)s)
"""


def test_a_small_zone_cannot_be_reckoned_from_the_classes_of_all(sign_in: Client) -> None:
    """The classes of age add up to all zones: what is hidden of one is hidden of another, too."""
    notice = publish(sign_in, audience={"areas": ["DDHT"]})
    freeze()
    zones = {"ZZ-SMALL": 3, "ZZ-MIDDLE": 12}
    try:
        with transaction():
            for code, residents in zones.items():
                write(ZONE, {"code": code})
                about = {"id": notice["id"], "code": code, "age": "adult", "n": residents}
                write(COUNTED, about)
        found = reach_of(sign_in, notice)
        sizes = {line["area"]: line["residents"] for line in found["areas"]}
        assert sizes == {"DDHT": living_in("DDHT"), "ZZ-SMALL": None, "ZZ-MIDDLE": None}
        everybody = sum(each["residents"] or 0 for each in found["classes"])
        assert everybody - sum(size or 0 for size in sizes.values()) != zones["ZZ-SMALL"]
    finally:
        with transaction():
            write("DELETE FROM area WHERE code = ANY(%(codes)s)", {"codes": list(zones)})


def spread(notice: dict[str, Any], by_grid: dict[str, int], channel: str = "read") -> None:
    with transaction():
        count(notice["id"], channel, by_grid)


def test_only_staff_of_the_area_are_told(sign_in: Client) -> None:
    notice = publish(sign_in)
    local = sign_in(staff_with("district_staff", area="DDHT-QY"))
    for path in ("audience", "reach"):
        assert slug(local.get(f"{PATH}/{notice['id']}/{path}")) == "not-found"
        assert sign_in(RESIDENT).get(f"{PATH}/{notice['id']}/{path}").status_code == 403
    assert slug(sign_in(STAFF).get(f"{PATH}/{notice['id']}/reach?under=NOWHERE")) == "not-found"
