"""A phone that lay idle for 90 days may be somebody else's: nothing counts until it is proved."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, WORKER, Caller, Person, account_of, bearer
from tests.requests_of import file
from tests.signing_in import as_holder, begin, slug

PHONE = PEOPLE["resident"]["phone"]
OWN = {"name": PEOPLE["resident"]["name"], "id_number": PEOPLE["resident"]["id_number"]}
OTHER = {"name": PEOPLE["neighbour"]["name"], "id_number": PEOPLE["neighbour"]["id_number"]}


def idle(person: Person, for_: timedelta) -> uuid.UUID:
    """Let nobody have used an account for so long."""
    account = account_of(person)
    with transaction():
        write(
            "UPDATE account SET seen_at = now() - %(idle)s::interval WHERE id = %(id)s",
            {"id": account, "idle": for_},
        )
    return account


def back(app: Flask, nobody: Caller) -> Caller:
    return as_holder(app, begin(nobody, PHONE)["access_token"])


def standing(account: uuid.UUID) -> Any:
    sql = (
        "SELECT level, resident_id, suspended_at, phone_index IS NOT NULL AS reachable"
        " FROM account WHERE id = %(id)s"
    )
    return read(sql, {"id": account})[0]


def test_after_a_shorter_absence_everything_is_as_it_was(app: Flask, nobody: Caller) -> None:
    idle(RESIDENT, timedelta(days=89))
    assert (back(app, nobody).get("/api/v1/me").json or {})["level"] == 2


def test_after_ninety_days_nothing_is_shown_or_done_until_it_is_proved(
    app: Flask, nobody: Caller
) -> None:
    file(Caller(app, bearer(RESIDENT)))
    account = idle(RESIDENT, timedelta(days=90))
    caller = back(app, nobody)
    me = caller.get("/api/v1/me").json or {}
    assert (me["level"], me["name"], me["areas"], me["roles"]) == (1, None, [], ["unproved"])
    for path in ("/api/v1/requests/mine", "/api/v1/inbox", "/api/v1/sessions"):
        assert slug(caller.get(path)) == "role-not-allowed", path
    assert caller.post("/api/v1/me/verification", OWN).status_code == 204
    assert (caller.get("/api/v1/me").json or {})["level"] == 2
    assert len((caller.get("/api/v1/requests/mine").json or {})["items"]) == 1
    assert standing(account).suspended_at is None
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]
    assert deeds.index("binding-suspended") < deeds.index("binding-lifted")


def test_another_device_does_not_lift_the_suspension(app: Flask, nobody: Caller) -> None:
    idle(RESIDENT, timedelta(days=100))
    back(app, nobody)
    assert slug(back(app, nobody).get("/api/v1/inbox")) == "role-not-allowed"


def test_a_new_holder_who_proves_to_be_another_gets_an_account_of_their_own(
    app: Flask, nobody: Caller
) -> None:
    file(Caller(app, bearer(RESIDENT)))
    old = idle(RESIDENT, timedelta(days=200))
    caller = back(app, nobody)
    assert caller.post("/api/v1/me/verification", OTHER).status_code == 204
    assert slug(caller.get("/api/v1/me")) == "session-ended"
    was = standing(old)
    assert (was.level, was.reachable, was.resident_id is None) == (2, False, False)
    new = back(app, nobody)
    assert (new.get("/api/v1/me").json or {})["level"] == 2
    assert (new.get("/api/v1/requests/mine").json or {})["items"] == []
    assert (new.get("/api/v1/me").json or {})["account_id"] != str(old)


def test_a_new_holder_can_begin_afresh(app: Flask, nobody: Caller) -> None:
    old = idle(RESIDENT, timedelta(days=200))
    caller = back(app, nobody)
    assert caller.post("/api/v1/me/fresh-start").status_code == 204
    assert slug(caller.get("/api/v1/me")) == "session-ended"
    me = back(app, nobody).get("/api/v1/me").json or {}
    assert (me["level"], me["roles"]) == (1, ["resident"])
    assert me["account_id"] != str(old)


def test_a_fresh_start_is_for_nobody_else(app: Flask, sign_in: Callable[[Person], Caller]) -> None:
    assert slug(sign_in(RESIDENT).post("/api/v1/me/fresh-start")) == "role-not-allowed"
    assert standing(account_of(RESIDENT)).reachable


def test_a_new_holder_learns_nothing_of_the_old(app: Flask, nobody: Caller) -> None:
    """Who is bound elsewhere, who does not exist, and who had this phone: one answer."""
    account_of(NEIGHBOUR)
    idle(RESIDENT, timedelta(days=200))
    caller = back(app, nobody)
    tries = [OTHER, {**OWN, "name": "某某"}, {**OTHER, "id_number": "11010519491231002X"}]
    told = [caller.post("/api/v1/me/verification", each) for each in tries]
    assert {(a.status_code, slug(a), len(a.data)) for a in told} == {
        (409, "identity-not-matched", len(told[0].data))
    }


def test_staff_lose_their_grants_with_their_name(app: Flask, nobody: Caller) -> None:
    account = idle(WORKER, timedelta(days=91))
    with transaction():
        write("UPDATE account SET level = 2 WHERE id = %(id)s", {"id": account})
    caller = as_holder(app, begin(nobody, PEOPLE["worker"]["phone"])["access_token"])
    assert slug(caller.get("/api/v1/requests/work")) == "role-not-allowed"


def test_an_account_without_a_name_is_nobodys_to_take(app: Flask, nobody: Caller) -> None:
    with transaction():
        write("INSERT INTO account (phone_index) VALUES (%(i)s)", {"i": b"x" * 16})
    idle(Person("19999990007", verified=False), timedelta(days=400))
    caller = as_holder(app, begin(nobody, "19999990007")["access_token"])
    assert (caller.get("/api/v1/me").json or {})["roles"] == ["resident"]


@pytest.mark.parametrize("days", [0, 1, 40])
def test_using_the_account_keeps_it_awake(app: Flask, nobody: Caller, days: int) -> None:
    account = idle(RESIDENT, timedelta(days=days))
    begun = begin(nobody, PHONE)
    body = {"refresh_token": begun["refresh_token"], "rotation_id": str(uuid.uuid4())}
    with transaction():
        write("UPDATE account SET seen_at = now() - interval '2 days'")
    assert nobody.post("/api/v1/sessions/refresh", body).status_code == 200
    seen = read("SELECT now() - seen_at AS ago FROM account WHERE id = %(id)s", {"id": account})
    assert seen[0].ago < timedelta(minutes=1)
