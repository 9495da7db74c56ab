"""Who has not acknowledged in time is asked again, and in the end a grid worker knocks."""

import uuid
from datetime import timedelta
from typing import Any

from flask import Flask

from app import clock
from app.database import read, transaction, write
from notices.acknowledgement.climbing import CLIMBING, PLANNING
from notices.acknowledgement.rungs import LADDER
from notices.approval.sweeps import EXPIRY
from tests.notices_of import PATH, Client, age_everybody, done, expire, publish, slug, take
from tests.people import NEIGHBOUR, RESIDENT, STAFF, WORKER, staff_with

GRID = "DDHT-XQ-LT-C03-G2"
OWING = """
SELECT r.id FROM resident r JOIN household h ON h.sid = r.household_sid
JOIN address ad ON ad.sid = h.address_sid WHERE ad.grid_code = %(grid)s AND r.age_class <> 'child'
"""


SAME = object()
"""Expires when the answer is due."""


def duty(sign_in: Client, hours: float = 72, **changes: Any) -> dict[str, Any]:
    by = (clock.now() + timedelta(hours=hours)).isoformat()
    if changes.get("expires_at") is SAME:
        changes["expires_at"] = by
    return publish(sign_in, needs_ack=True, ack_by=by, **{"audience": {"areas": [GRID]}, **changes})


def climb() -> None:
    PLANNING.run()
    while CLIMBING.run():
        pass


def let_pass(notice: dict[str, Any]) -> None:
    """Let the time of every rung come."""
    with transaction():
        write(
            "UPDATE notice_rung SET due_at = now() WHERE notice_id = %(id)s", {"id": notice["id"]}
        )


def owing() -> set[uuid.UUID]:
    return {row.id for row in read(OWING, {"grid": GRID})}


def test_the_ladder_is_set_when_it_is_published_and_climbed_at_its_times(sign_in: Client) -> None:
    age_everybody()
    notice = duty(sign_in)
    publish(sign_in)  # asks for nothing
    climb()
    rungs = read("SELECT notice_id, rung, due_at, done_at FROM notice_rung ORDER BY due_at")
    assert [row.rung for row in rungs] == [rung.name for rung in LADDER] == ["push", "sms", "visit"]
    assert {str(row.notice_id) for row in rungs} == {notice["id"]}
    assert all(row.done_at is None for row in rungs)
    let_pass(notice)
    climb()
    assert read("SELECT count(*) AS n FROM notice_rung WHERE done_at IS NULL")[0].n == 0


def test_only_those_who_have_not_answered_are_asked_again_and_once(sign_in: Client) -> None:
    age_everybody()
    notice, resident = duty(sign_in), sign_in(RESIDENT)
    assert resident.post(f"/api/v1/inbox/{notice['id']}/acknowledgement").status_code == 204
    climb()
    for _ in range(2):
        let_pass(notice)
        with transaction():
            write("UPDATE notice_rung SET done_at = NULL, upto = ''")
        climb()
    me = read("SELECT id FROM resident WHERE sid = 'R00000001'")[0].id
    asked = read("SELECT address_id AS id FROM delivery_retry WHERE channel = 'sms'")
    doors = read("SELECT resident_id AS id FROM notice_visit")
    for rows in (asked, doors):
        assert {row.id for row in rows} == owing() - {me}
        assert len(rows) == len(owing()) - 1


def test_nothing_is_owed_of_what_was_withdrawn(sign_in: Client) -> None:
    notice = duty(sign_in)
    climb()
    done(take(sign_in(STAFF), notice, "withdrawal"))
    let_pass(notice)
    climb()
    assert read("SELECT count(*) AS n FROM notice_visit")[0].n == 0
    assert read("SELECT count(*) AS n FROM delivery_retry")[0].n == 0


def test_a_grid_worker_sees_who_of_the_own_grids_owes_masked_and_audited(
    app: Flask, sign_in: Client
) -> None:
    age_everybody()
    notice, worker = duty(sign_in, audience={"areas": ["DDHT-XQ"]}), sign_in(WORKER)
    page = worker.get(f"{PATH}/{notice['id']}/outstanding?limit=100").json or {}
    assert page["items"]
    assert {item["grid_code"][:14] for item in page["items"]} == {"DDHT-XQ-LT-C03"}
    assert all(item["name"][1:].strip("*") == "" for item in page["items"])
    audited = read("SELECT account_id FROM audit_entry WHERE deed = 'outstanding-listed'")
    assert len(audited) == 1
    mine = str(read("SELECT id FROM resident WHERE sid = 'R00000001'")[0].id)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = worker.get(f"{PATH}/{notice['id']}/outstanding?limit=40{cursor}").json or {}
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert mine in seen
    assert len(seen) == len(set(seen))
    sign_in(RESIDENT).post(f"/api/v1/inbox/{notice['id']}/acknowledgement")
    again = worker.get(f"{PATH}/{notice['id']}/outstanding?limit=100").json or {}
    assert mine not in {item["id"] for item in again["items"]}


def test_nobody_else_sees_who_owes(sign_in: Client) -> None:
    notice = duty(sign_in)
    path = f"{PATH}/{notice['id']}/outstanding"
    for person in (RESIDENT, NEIGHBOUR, STAFF):
        assert sign_in(person).get(path).status_code == 403
        assert sign_in(person).get("/api/v1/visits").status_code == 403
    elsewhere = sign_in(staff_with("grid_worker", area="DDHT-DG-XX-C02"))
    assert slug(elsewhere.get(path)) == "not-found"
    assert slug(sign_in(WORKER).get(f"{PATH}/{publish(sign_in)['id']}/outstanding")) == "not-found"


def test_a_worker_sees_of_those_named_one_by_one_who_lives_in_the_own_grids(
    sign_in: Client,
) -> None:
    age_everybody()
    sql = "SELECT id FROM resident WHERE sid IN ('R00000001', 'R00000005') ORDER BY sid"
    mine, other = (str(row.id) for row in read(sql))
    notice = duty(sign_in, audience={"residents": [mine, other]})
    page = sign_in(WORKER).get(f"{PATH}/{notice['id']}/outstanding").json or {}
    assert [item["id"] for item in page["items"]] == [mine]


def test_a_visit_is_made_once_and_who_was_absent_is_visited_again(sign_in: Client) -> None:
    age_everybody()
    notice, worker = duty(sign_in), sign_in(WORKER)
    climb()
    let_pass(notice)
    climb()
    doors = (worker.get("/api/v1/visits?limit=100").json or {})["items"]
    assert doors[0]["title"] == "停水通知"
    path = f"/api/v1/visits/{doors[0]['id']}/outcome"
    elsewhere = sign_in(staff_with("grid_worker", area="DDHT-DG-XX-C02"))
    assert slug(elsewhere.post(path, {"outcome": "told"})) == "not-found"
    assert (elsewhere.get("/api/v1/visits").json or {})["items"] == []
    assert worker.post(path, {"outcome": "absent"}).status_code == 204
    key = "a-key-of-a-visit"
    for _ in range(2):
        assert worker.post(path, {"outcome": "told"}, key=key).status_code == 204
    assert slug(worker.post(path, {"outcome": "told"})) == "visit-done"
    left = (worker.get("/api/v1/visits?limit=100").json or {})["items"]
    assert doors[0]["id"] not in {door["id"] for door in left}
    row = read("SELECT absences, outcome FROM notice_visit WHERE done_at IS NOT NULL")[0]
    assert tuple(row) == (1, "told")
    told = read("SELECT residents FROM notice_reach WHERE channel = 'visit'")
    assert [row.residents for row in told] == [1]


def test_who_has_not_answered_when_it_is_over_is_visited_all_the_same(sign_in: Client) -> None:
    """An answer that is due when the notice ends is owed by those who never gave it."""
    age_everybody()
    notice, worker = duty(sign_in, expires_at=SAME), sign_in(WORKER)
    climb()
    expire(notice)
    EXPIRY.run()
    let_pass(notice)
    climb()
    assert read("SELECT count(*) AS n FROM notice_visit")[0].n == len(owing())
    doors = (worker.get("/api/v1/visits?limit=100").json or {})["items"]
    assert {door["notice_id"] for door in doors} == {notice["id"]}
    page = worker.get(f"{PATH}/{notice['id']}/outstanding?limit=100").json or {}
    assert len(page["items"]) == len(owing())
