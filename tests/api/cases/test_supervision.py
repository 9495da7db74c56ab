"""What is due or overdue climbs the ladder: the oldest first, each rung once, unclaimed too."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from community.requests.supervision import sweeps
from community.requests.supervision.sweeps import climb_ladder
from tests.api.cases.living import Case, handler
from tests.crowd import at_once
from tests.people import Caller, Person

Client = Callable[[Person], Caller]

OVERDUE = (
    "UPDATE service_request SET deadline_at = %(at)s, claim_due_at = NULL, next_rung_at = %(at)s"
)
PAST = "UPDATE service_request SET next_rung_at = now() - interval '1 second' WHERE rung > 0"

MANY = """
INSERT INTO service_request
  (id, number, matter_code, account_id, channel, words_sealed, state, version, lng, lat, raw_lng,
   raw_lat, raw_crs, grid_code, near_edge, handled_by, department_code, filed_at, deadline_at,
   deadline_provisional, calendar_version, next_rung_at)
SELECT gen_random_uuid(), 'S' || n, r.matter_code, r.account_id, r.channel, r.words_sealed,
  'claimed', 1, r.lng, r.lat, 0, 0, 'wgs84', r.grid_code, false, r.handled_by, r.department_code,
  r.filed_at, now() - n * interval '1 minute', false, 'x', now() - n * interval '1 minute'
FROM service_request r, generate_series(1, %(n)s) n
"""


def overdue(days: int) -> None:
    with transaction():
        write(
            f"{OVERDUE.replace('%(at)s', 'now() - make_interval(days => %(days)s)')}",
            {"days": days},
        )


def rungs_of(case: Case) -> list[int]:
    sql = "SELECT rung FROM request_rung WHERE request_id = %(id)s ORDER BY rung"
    return [row.rung for row in read(sql, {"id": case.id})]


def test_an_overdue_case_climbs_rung_by_rung_and_its_filer_reads_it(
    resident: Caller, worker: Caller
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    overdue(days=30)
    for rung in (1, 2, 3, 4, 5):
        assert climb_ladder() == 1
        assert (case.row.rung, rungs_of(case)[-1]) == (rung, rung)
        assert climb_ladder() == 0  # whom it tells has an hour to answer
        with transaction():
            write(PAST)
    assert climb_ladder() == 0  # the top
    entries = case.entries(resident, "supervise")
    assert [each["facts"]["name"] for each in entries] == ["提醒", "催办", "督办", "挂牌", "约谈"]
    told = read("SELECT kind FROM outbox WHERE kind = 'request-supervised'")
    assert len(told) == 2  # 挂牌 and 约谈 tell the district


def test_a_reminder_makes_nobodys_step_stale(resident: Caller, worker: Caller) -> None:
    case = Case(resident)
    version = case.done(worker, "claim")["request"]["version"]
    overdue(days=30)
    climb_ladder()
    body = {"result": "solved", "note": "好"}
    assert case.step(worker, "settlement", body, version=version).status_code == 200
    assert case.row.next_rung_at is None


def test_a_case_that_nobody_claims_climbs_too(resident: Caller) -> None:
    case = Case(resident)
    with transaction():
        write(
            "UPDATE service_request SET claim_due_at = now() - interval '9 days',"
            " next_rung_at = now() - interval '9 days', deadline_at = now() + interval '9 days'"
        )
    assert climb_ladder() == 1
    found = read("SELECT rung, base, tells FROM request_rung")[0]
    assert (found.rung, found.base, found.tells) == (1, "claim", "unit")
    assert case.row.rung == 1


def test_claiming_ends_what_counts_from_not_being_claimed(resident: Caller, worker: Caller) -> None:
    case = Case(resident)
    before = case.row
    case.done(worker, "claim")
    after = case.row
    assert before.next_rung_at <= before.claim_due_at < after.next_rung_at
    assert after.next_rung_at < after.deadline_at


def test_who_waits_for_the_filer_and_who_is_settled_climb_nothing(
    resident: Caller, sign_in: Client
) -> None:
    case, civil = Case(resident, matter="SUBSIDY"), sign_in(handler("CIV"))
    case.done(civil, "claim")
    case.done(civil, "supplement-wanted", {"wanted": "证明"})
    with transaction():
        write("UPDATE service_request SET deadline_at = now() - interval '9 days'")
    assert climb_ladder() == 0


def test_a_deadline_that_moved_since_is_only_looked_at_again(
    resident: Caller, worker: Caller
) -> None:
    case = Case(resident)
    case.done(worker, "claim")
    with transaction():
        write(
            "UPDATE service_request SET next_rung_at = now() - interval '1 day',"
            " deadline_at = now() + interval '30 days'"
        )
    assert climb_ladder() == 0
    assert case.row.next_rung_at > case.row.filed_at
    assert rungs_of(case) == []


def test_ten_thousand_overdue_cases_climb_in_one_sweep_the_oldest_first(
    app: Flask, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    Case(resident)
    with transaction():
        write("SET LOCAL statement_timeout = '120s'")
        write(MANY, {"n": 10_000})
    order: list[str] = []
    booked = sweeps._booked

    def seen(climbing: list[tuple[Any, Any]], now: Any) -> set[Any]:
        order.extend(row.number for row, _ in climbing)
        return booked(climbing, now)

    monkeypatch.setattr(sweeps, "_booked", seen)
    began = time.monotonic()
    assert climb_ladder() == 10_000
    print(f"10,000 climbed in {time.monotonic() - began:.1f} s")
    assert order == [f"S{n}" for n in range(10_000, 0, -1)]
    assert read("SELECT count(*) AS n FROM request_rung")[0].n == 10_000
    assert read("SELECT count(*) AS n FROM request_event WHERE step = 'supervise'")[0].n == 10_000


def test_two_workers_at_once_climb_each_rung_once(
    app: Flask, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 7)
    Case(resident)
    with transaction():
        write(MANY, {"n": 200})
    climbed = at_once(app, [climb_ladder] * 3)
    assert sum(climbed) + climb_ladder() == 200
    sql = "SELECT count(*) AS n, count(DISTINCT request_id) AS cases FROM request_rung"
    assert tuple(read(sql)[0]) == (200, 200)
    assert (
        read(
            "SELECT max(n) AS n FROM (SELECT count(*) AS n FROM request_event"
            " WHERE step = 'supervise' GROUP BY request_id) each"
        )[0].n
        == 1
    )


def test_what_stands_on_the_ladder_is_listed_for_its_unit_and_staff(
    resident: Caller, worker: Caller, staff: Caller, sign_in: Client
) -> None:
    low, high = Case(resident), Case(resident)
    for case in (low, high):
        case.done(worker, "claim")
    with transaction():
        write("UPDATE service_request SET rung = 1")
        write("UPDATE service_request SET rung = 3 WHERE id = %(id)s", {"id": high.id})
    path = "/api/v1/requests/supervised"
    assert len(staff.get(path).json["items"]) == 2  # type: ignore[index]
    assert [each["id"] for each in worker.get(f"{path}?rung=3").json["items"]] == [high.id]  # type: ignore[index]
    assert sign_in(handler("PUB")).get(path).json["items"] == []  # type: ignore[index]
    assert resident.get(path).status_code == 403


def test_the_worker_process_sweeps_the_ladder(app: Flask, resident: Caller, worker: Caller) -> None:
    assert sweeps.LADDER in app.extensions["linli.sweeps"]
    case = Case(resident)
    case.done(worker, "claim")
    assert sweeps.LADDER.run() == 0
    assert rungs_of(case) == []
    overdue(days=1)
    assert sweeps.LADDER.run() == 0, "what is left is due later"
    assert rungs_of(case) == [1]


def test_who_is_due_is_reminded_before_it_is_late(resident: Caller, worker: Caller) -> None:
    """提醒 comes some hours before the deadline, and nothing earlier."""
    case = Case(resident)
    case.done(worker, "claim")
    row = case.row
    assert row.filed_at < row.next_rung_at < row.deadline_at
    assert climb_ladder() == 0
    with transaction():
        write(
            "UPDATE service_request SET deadline_at = now() + interval '1 hour',"
            " next_rung_at = now() + interval '1 hour' - (deadline_at - next_rung_at)"
        )
    assert climb_ladder() == 1
    entry = case.entries(resident, "supervise")[0]["facts"]
    assert (entry["name"], entry["base"]) == ("提醒", "deadline")
