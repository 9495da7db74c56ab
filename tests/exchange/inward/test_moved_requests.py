"""Whoever filed a request in a grid that was merged or split has it dealt with where it is now."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.database import db, read, transaction, write
from community.requests.events import done
from community.requests.handling import service
from community.requests.moving import sweeps
from community.requests.moving.sweeps import move_requests
from community.requests.policy import may_work
from tests.exchange.drops import District, one
from tests.exchange.inward.changing import (
    EAST,
    WEST,
    add_areas,
    change,
    days,
    file_at,
    grid_of,
    it_is,
    lay_out,
    merge_into_c,
    outline,
    seen,
    split_a,
    steps_of,
)
from tests.exchange.records import staff
from tests.people import RESIDENT, Caller, Person, account_of

Client = Callable[[Person], Caller]
WORKER = Person("19999970001", verified=False)
ELDER = Person("19999970002", verified=False)
WEST_HALF, EAST_HALF = (10.002, 10.005), (10.008, 10.005)


@pytest.fixture
def street(district: District) -> District:
    """Return the sender of a street of two grids; one works in A, an elder in the whole street."""
    lay_out(district)
    district.send(
        staff=[
            staff(1, area_code="TRY-A"),
            staff(2, area_code="TRY-S", phone=ELDER.facts["phone"]),
        ]
    )
    return district


@pytest.fixture
def resident(street: District, sign_in: Client) -> Caller:
    return sign_in(RESIDENT)


def work_of(caller: Caller) -> list[str]:
    found = (caller.get("/api/v1/requests/work").json or {})["items"]
    return [f"/api/v1/requests/{each['id']}" for each in found]


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def test_an_open_request_goes_to_the_heir_with_its_deadline_and_a_word_to_who_filed_it(
    street: District, resident: Caller
) -> None:
    path = file_at(resident, WEST)
    before = seen(resident, path)["request"]
    told = one("SELECT count(*) FROM outbox")
    merge_into_c(street)
    assert move_requests() == 1
    after = seen(resident, path)
    entry = after["timeline"][-1]
    facts = {"from": "TRY-A", "to": "TRY-C", "on_day": days(0).isoformat()}
    assert (entry["step"], entry["facts"]) == ("move", facts)
    changed = {"grid_code": "TRY-C", "version": before["version"] + 1}
    assert after["request"] == {**before, **changed}
    trail = read("SELECT account_id, facts FROM audit_entry WHERE deed = 'request-move'")
    assert [(row.account_id, row.facts) for row in trail] == [(None, facts)]
    assert one("SELECT count(*) FROM outbox") == told


def test_before_its_day_a_change_moves_nothing(
    street: District, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_at(resident, WEST)
    merge_into_c(street, days(1))
    assert (move_requests(), grid_of(resident, path)) == (0, "TRY-A")
    it_is(monkeypatch, days(1))
    assert (move_requests(), grid_of(resident, path)) == (1, "TRY-C")


def test_a_change_told_late_moves_what_was_filed_meanwhile(
    street: District, resident: Caller
) -> None:
    path = file_at(resident, WEST)
    merge_into_c(street, days(-30))
    assert (move_requests(), grid_of(resident, path)) == (1, "TRY-C")


def test_a_split_sends_each_request_to_the_half_in_which_its_place_lies(
    street: District, resident: Caller
) -> None:
    west, east = file_at(resident, WEST_HALF), file_at(resident, EAST_HALF)
    split_a(street)
    assert move_requests() == 2
    assert (grid_of(resident, west), grid_of(resident, east)) == ("TRY-A1", "TRY-A2")


def test_a_place_in_no_outline_yet_stays_until_one_is_drawn_and_blocks_no_other(
    street: District, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 1)
    waiting, clear = file_at(resident, WEST_HALF), file_at(resident, EAST_HALF)
    add_areas(street, "TRY-A1", "TRY-A2")
    street.send(
        polygons=[outline("TRY-A2", 10.005, 10.01)],
        area_changes=[change("TRY-A", each, "split") for each in ("TRY-A1", "TRY-A2")],
    )
    assert move_requests() == 1
    assert (grid_of(resident, waiting), grid_of(resident, clear)) == ("TRY-A", "TRY-A2")
    street.send(polygons=[outline("TRY-A1", 10.0, 10.005)])
    assert (move_requests(), grid_of(resident, waiting)) == (1, "TRY-A1")


def test_a_shifted_border_moves_what_was_filed_before_and_lies_beyond_it_now(
    street: District, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays, goes = file_at(resident, WEST_HALF), file_at(resident, EAST_HALF)
    street.send(
        polygons=[outline("TRY-A", 10.0, 10.005, ver=2), outline("TRY-B", 10.005, 10.02, ver=2)],
        area_changes=[change("TRY-A", "TRY-B", "boundary", days(1))],
    )
    it_is(monkeypatch, days(1))
    assert move_requests() == 1
    assert (grid_of(resident, stays), grid_of(resident, goes)) == ("TRY-A", "TRY-B")
    assert move_requests() == 0


def test_a_closed_request_keeps_the_grid_that_settled_it(
    street: District, resident: Caller, sign_in: Client
) -> None:
    path, worker = file_at(resident, WEST), sign_in(WORKER)
    version = worker.post(f"{path}/claim").json["request"]["version"]  # type: ignore[index]
    body = {"result": "solved", "note": "好"}
    assert worker.post(f"{path}/settlement", body, version=version).status_code == 200
    withdrawn = file_at(resident, WEST)
    assert resident.post(f"{withdrawn}/withdrawal", version=1).status_code == 200
    merge_into_c(street)
    assert move_requests() == 0
    assert (grid_of(resident, path), grid_of(resident, withdrawn)) == ("TRY-A", "TRY-A")


def test_no_grant_widens_so_what_a_worker_may_not_see_any_more_is_given_back(
    street: District, resident: Caller, sign_in: Client
) -> None:
    """Or it would stay with somebody who cannot settle it, and nobody else could take it."""
    path, worker, elder = file_at(resident, WEST), sign_in(WORKER), sign_in(ELDER)
    assert worker.post(f"{path}/claim").status_code == 200
    merge_into_c(street)
    move_requests()
    assert worker.get(path).status_code == 404
    assert steps_of(resident, path) == ["file", "dispatch", "claim", "move", "release"]
    assert path in work_of(elder)
    assert path not in work_of(worker)
    assert elder.post(f"{path}/claim").status_code == 200


@pytest.mark.parametrize("waits", [False, True])
def test_what_is_given_back_waits_for_whoever_claims_it_and_its_clock_runs(
    street: District, resident: Caller, sign_in: Client, waits: bool
) -> None:
    """Or nobody would be reminded of it: neither to claim it nor of when it is due."""
    path, worker = file_at(resident, WEST), sign_in(WORKER)
    assert worker.post(f"{path}/claim").status_code == 200
    with transaction():
        write("UPDATE service_request SET claim_from = now() - interval '9 days'")
        if waits:
            write(
                "UPDATE service_request SET state = 'waiting', next_rung_at = NULL,"
                " paused_at = now() - interval '2 days'"
            )
    before = read("SELECT * FROM service_request")[0]
    merge_into_c(street)
    move_requests()
    after = read("SELECT * FROM service_request")[0]
    assert (after.state, after.claimed_by, after.paused_at) == ("dispatched", None, None)
    assert after.claim_from > before.filed_at
    assert after.claim_due_at >= after.next_rung_at > before.filed_at
    stood = (after.deadline_at - before.deadline_at).total_seconds()
    assert stood == after.paused_seconds
    assert (stood >= 2 * 86_400) == waits
    (entry,) = [each for each in seen(resident, path)["timeline"] if each["step"] == "release"]
    assert ("stood still for 48 hours" in entry["words"]["en"]) == waits


def test_a_worker_whose_grant_reaches_the_heir_keeps_what_they_claimed(
    street: District, resident: Caller, sign_in: Client
) -> None:
    path, elder = file_at(resident, WEST), sign_in(ELDER)
    elder.post(f"{path}/claim")
    merge_into_c(street)
    move_requests()
    assert seen(elder, path)["claimed_by_me"]
    assert steps_of(elder, path)[-1] == "move"


def test_a_step_judged_by_the_old_grid_is_stale(
    street: District, resident: Caller, sign_in: Client
) -> None:
    path, elder = file_at(resident, WEST), sign_in(ELDER)
    version = elder.post(f"{path}/claim").json["request"]["version"]  # type: ignore[index]
    merge_into_c(street)
    move_requests()
    answer = elder.post(f"{path}/settlement", {"result": "solved", "note": "好"}, version=version)
    assert (answer.status_code, slug(answer)) == (412, "stale-version")


@pytest.mark.parametrize(
    ("filer", "who", "status"),
    [(RESIDENT, WORKER, 404), (WORKER, WORKER, 403), (RESIDENT, ELDER, 200)],
)
def test_a_claim_that_meets_the_move_is_judged_by_the_grid_it_is_in_now(
    street: District,
    sign_in: Client,
    monkeypatch: pytest.MonkeyPatch,
    filer: Person,
    who: Person,
    status: int,
) -> None:
    resident, worker = sign_in(filer), sign_in(who)
    path = file_at(resident, WEST)
    merge_into_c(street)

    def judged_and_then_moved(*about: Any) -> bool:
        allowed = may_work(*about)
        move_requests()
        return allowed

    monkeypatch.setattr(service, "may_work", judged_and_then_moved)
    assert worker.post(f"{path}/claim").status_code == status
    assert grid_of(resident, path) == "TRY-C"


def test_one_who_died_halfway_leaves_whole_batches_and_the_next_moves_the_rest(
    street: District, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [file_at(resident, WEST) for _ in range(5)]
    merge_into_c(street)
    monkeypatch.setattr(sweeps, "BATCH", 2)
    calls: list[object] = []

    def dying(*about: Any, **facts: Any) -> None:
        calls.append(about)
        if len(calls) == 4:
            raise RuntimeError("killed")
        done(*about, **facts)

    monkeypatch.setattr(sweeps, "done", dying)
    with pytest.raises(RuntimeError, match="killed"):
        move_requests()
    db.session.remove()
    assert sorted(grid_of(resident, path) for path in paths) == ["TRY-A"] * 3 + ["TRY-C"] * 2
    assert [move_requests(), move_requests()] == [3, 0]
    assert [steps_of(resident, path).count("move") for path in paths] == [1] * 5


def test_two_workers_at_once_move_each_request_once(
    app: Flask, street: District, resident: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [file_at(resident, place) for place in (WEST, EAST) * 6]
    merge_into_c(street)
    monkeypatch.setattr(sweeps, "BATCH", 3)
    start, moved = threading.Barrier(2), [0, 0]

    def work(place: int) -> None:
        with app.app_context():
            start.wait()
            moved[place] = move_requests()
            db.session.remove()

    threads = [threading.Thread(target=work, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(moved) + move_requests() == len(paths)
    assert {grid_of(resident, path) for path in paths} == {"TRY-C"}
    assert [steps_of(resident, path).count("move") for path in paths] == [1] * len(paths)


def test_the_worker_process_sweeps_it(app: Flask, street: District, resident: Caller) -> None:
    path = file_at(resident, WEST)
    merge_into_c(street)
    (sweep,) = [each for each in app.extensions["linli.sweeps"] if each is sweeps.AREA_CHANGES]
    assert (sweep.every, sweep.run()) == (600, 0)
    assert grid_of(resident, path) == "TRY-C"


@pytest.mark.parametrize("lent", [False, True])
def test_an_added_grant_or_cover_that_reaches_the_heir_keeps_what_was_claimed(
    street: District, resident: Caller, sign_in: Client, lent: bool
) -> None:
    """Whose right it is does not hang on the register alone."""
    path, worker = file_at(resident, WEST), sign_in(WORKER)
    assert worker.post(f"{path}/claim").status_code == 200
    added(WORKER, covering=ELDER if lent else None)
    merge_into_c(street)
    move_requests()
    assert seen(worker, path)["claimed_by_me"]
    assert steps_of(worker, path)[-1] == "move"


def added(person: Person, covering: Person | None) -> None:
    """Let somebody work in the whole street for a while: of their own, or for a colleague."""
    about = {
        "id": uuid4(),
        "account": account_of(person),
        "covered": covering and account_of(covering),
        "security": account_of(Person("19904100041", verified=False)),
        "system": account_of(Person("19904100040", verified=False)),
    }
    sql = """
    INSERT INTO added_grant (id, kind, account_id, role, area_code, covered_account_id, valid_from,
      valid_to, reason_sealed, state, asked_by, asked_at, decided_by, decided_at)
    SELECT %(id)s, CASE WHEN c IS NULL THEN 'grant' ELSE 'cover' END, %(account)s,
      CASE WHEN c IS NULL THEN 'grid_worker' END, CASE WHEN c IS NULL THEN 'TRY-S' END, c,
      current_date - 1, current_date + 9, 'x', 'standing', %(system)s, now(), %(security)s, now()
    FROM (SELECT %(covered)s::uuid AS c) one
    """
    with transaction():
        write(sql, about)
