"""A phone that was out of reach learns all that changed in its list."""

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.policy import Actor, Grant, Role
from community.requests.near import changes as asking
from community.requests.near.changes import changes
from tests.near.scattering import scatter
from tests.people import (
    RESIDENT,
    SECOND_WORKER,
    WORKER,
    Caller,
    Person,
    account_of,
    staff_with,
)
from tests.requests_of import PLACE, file

Client = Callable[[Person], Caller]
WORK = "/api/v1/requests/work"


class Phone:
    """What a worker's phone keeps between two looks."""

    def __init__(self, caller: Caller, limit: int = 100) -> None:
        self._caller = caller
        self._limit = limit
        self.asked = 0
        self.rows: dict[str, dict[str, Any]] = {}
        self.since = ""
        self.begin()

    def begin(self) -> None:
        """Take the cursor first and the list after it."""
        answer = self._ask("")
        assert answer["reset"]
        self.since = answer["since"]
        self.rows = {row["id"]: row for row in whole_list(self._caller)}

    def catch_up(self) -> None:
        """Apply what changed."""
        while True:
            answer = self._ask(self.since)
            if answer["reset"]:
                self.begin()
                return
            for row in answer["changed"]:
                known = self.rows.get(row["id"])
                if known is None or row["version"] >= known["version"]:
                    self.rows[row["id"]] = row
            for key in answer["left"]:
                self.rows.pop(key, None)
            self.since = answer["since"]
            if not answer["more"]:
                return

    def _ask(self, since: str) -> dict[str, Any]:
        self.asked += 1
        query = f"?limit={self._limit}" + (f"&since={since}" if since else "")
        answer = self._caller.get(f"{WORK}/changes{query}")
        assert answer.status_code == 200, answer.json
        return dict(answer.json or {})


def whole_list(caller: Caller) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = caller.get(f"{WORK}?limit=100{cursor}").json
        assert page is not None
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def same(phone: Phone, caller: Caller) -> bool:
    return phone.rows == {row["id"]: row for row in whole_list(caller)}


def test_a_phone_learns_what_came_changed_and_left(sign_in: Client) -> None:
    resident, worker, other = sign_in(RESIDENT), sign_in(WORKER), sign_in(SECOND_WORKER)
    stays, goes = (file(resident)["request"]["id"] for _ in range(2))
    phone = Phone(worker)
    assert {stays, goes} == set(phone.rows)
    came = file(resident)["request"]["id"]
    assert other.post(f"/api/v1/requests/{goes}/claim").status_code == 200
    assert worker.post(f"/api/v1/requests/{stays}/claim").status_code == 200
    phone.catch_up()
    assert set(phone.rows) == {stays, came}
    assert phone.rows[stays]["state"] == "claimed"
    assert same(phone, worker)
    body = {"reason": "请假"}
    released = other.post(f"/api/v1/requests/{goes}/release", body, version=2)
    assert released.status_code == 200
    resident.post(f"/api/v1/requests/{came}/withdrawal", version=1)
    phone.catch_up()
    assert set(phone.rows) == {stays, goes}
    before = phone.since
    phone.catch_up()
    assert same(phone, worker)
    assert before


def test_a_request_that_goes_to_another_grid_leaves_one_list_and_comes_into_the_other(
    sign_in: Client,
) -> None:
    worker = sign_in(WORKER)
    key = file(sign_in(RESIDENT))["request"]["id"]
    phone = Phone(worker)
    with transaction():
        write("UPDATE service_request SET grid_code = 'DDHT-DG-ELSE', version = version + 1")
    phone.catch_up()
    assert phone.rows == {}
    with transaction():
        write(
            "UPDATE service_request SET handled_by = 'department', department_code = 'URB',"
            " version = version + 1"
        )
    handler = sign_in(staff_with("department_handler", department="URB"))
    assert key in Phone(handler).rows


def test_a_grant_that_changes_begins_the_list_anew(app: Flask, sign_in: Client) -> None:
    grid = file(sign_in(RESIDENT))["request"]["grid_code"]
    me = account_of(WORKER)
    here = Actor(me, me, 1, (Grant(Role.GRID_WORKER, grid),))
    wider = Actor(me, me, 1, (*here.grants, Grant(Role.GRID_WORKER, "DDHT-DG")))
    begun = changes(here, None, 10)
    assert not changes(here, begun.since, 10).reset
    assert changes(wider, begun.since, 10).reset
    assert changes(Actor(me, me, 1), begun.since, 10).reset


def test_a_phone_that_was_away_for_a_week_begins_anew(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone(sign_in(WORKER))
    monkeypatch.setattr(asking, "KEPT_S", -1)
    answer = sign_in(WORKER).get(f"{WORK}/changes?since={phone.since}").json
    assert answer is not None
    assert answer["reset"]


def test_the_cursor_is_signed_and_the_list_is_for_those_who_work(sign_in: Client) -> None:
    answer = sign_in(WORKER).get(f"{WORK}/changes?since=bm9uc2Vuc2U")
    assert answer.json is not None
    assert answer.json["type"].endswith("cursor-refused")
    assert sign_in(RESIDENT).get(f"{WORK}/changes").status_code == 403


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_no_change_is_skipped_though_transactions_commit_out_of_order(
    app: Flask, sign_in: Client, limit: int
) -> None:
    """Writers that begin early and end late, and a phone that asks in between, page by page."""
    file(sign_in(RESIDENT))
    keys = scatter([{"lng": PLACE[0], "lat": PLACE[1]} for _ in range(24)])
    worker, mine = sign_in(WORKER), account_of(WORKER)
    phone = Phone(worker, limit)

    def write_for_a_while(number: int) -> None:
        dice = random.Random(number)
        with app.app_context():
            for _ in range(10):
                with transaction():
                    for key in dice.sample(keys[number * 6 : number * 6 + 6], 2):
                        change(dice, key, mine)
                        write("SELECT pg_sleep(%(s)s)", {"s": dice.uniform(0, 0.04)})

    threads = [threading.Thread(target=write_for_a_while, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        phone.catch_up()
    for thread in threads:
        thread.join()
    phone.catch_up()
    assert phone.asked > 10
    assert same(phone, worker)


def change(dice: random.Random, key: Any, mine: Any) -> None:
    """Let a request come, go or be somebody's."""
    state = dice.choice(("dispatched", "claimed", "settled", "waiting"))
    grid = dice.choice(("DDHT-DG-ELSE", None))
    write(
        "UPDATE service_request SET state = %(state)s, version = version + 1,"
        " grid_code = coalesce(%(grid)s, (SELECT grid_code FROM service_request"
        " WHERE number NOT LIKE 'S%%')), claimed_by = CASE WHEN %(state)s = 'claimed'"
        " THEN %(me)s::uuid END WHERE id = %(id)s",
        {"id": key, "state": state, "grid": grid, "me": dice.choice((mine, None))},
    )


def test_the_log_of_changes_names_requests_and_units_and_nobody(sign_in: Client) -> None:
    detail = file(sign_in(RESIDENT))["request"]
    rows = read("SELECT unit, request_id::text AS id FROM request_change")
    assert {(row.unit, row.id) for row in rows} == {(f"g:{detail['grid_code']}", detail["id"])}
