"""Staff see one field of one person, with a reason, a count and a record; nobody sees a list."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.privacy import vault
from tests.people import (
    NEIGHBOUR,
    PEOPLE,
    RESIDENT,
    WORKER,
    Caller,
    Person,
    account_of,
    proved,
    staff_with,
)
from tests.requests_of import file

Client = Callable[[Person], Caller]
REVEALS = "/api/v1/reveals"


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def asked(kind: str, key: object, field: str = "phone") -> dict[str, object]:
    words = "约定上门时间"
    return {"kind": kind, "id": str(key), "field": field, "reason": "call-back", "words": words}


def resident_of(person: str) -> Any:
    return read("SELECT id FROM resident WHERE sid = %(s)s", {"s": PEOPLE[person]["sid"]})[0].id


def test_a_worker_sees_the_phone_of_who_filed_and_both_trails_say_so(
    app: Flask, sign_in: Client
) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    shown = proved(sign_in(WORKER)).post(REVEALS, asked("request", filed))
    assert shown.status_code == 201, shown.json
    assert (shown.json or {})["value"] == PEOPLE["resident"]["phone"]
    entry = read("SELECT * FROM audit_entry WHERE deed = 'reveal'")[0]
    assert (entry.chain, entry.facts["field"], entry.facts["reason"]) == (
        "sharing",
        "phone",
        "call-back",
    )
    assert PEOPLE["resident"]["phone"] not in str(entry.facts)
    row = read("SELECT * FROM reveal")[0]
    assert vault.open("reveal.words", row.id, bytes(row.words_sealed)) == "约定上门时间"


def test_a_desk_sees_people_of_its_own_area_only(sign_in: Client) -> None:
    desk = proved(sign_in(staff_with("desk_clerk")))
    areas = read(
        "SELECT r.id, ar.path FROM resident r JOIN household h ON h.sid = r.household_sid"
        " JOIN address ad ON ad.sid = h.address_sid JOIN area ar ON ar.code = ad.grid_code"
    )
    mine = read(
        "SELECT g.area_code FROM staff_grant g WHERE g.role = 'desk_clerk' ORDER BY g.staff_sid"
    )[0].area_code
    inside = next(row.id for row in areas if mine in row.path)
    outside = next(row.id for row in areas if mine not in row.path)
    for field in ("name", "id_number", "phone", "address"):
        body = asked("resident", inside, field) | {"reason": "identity-check"}
        assert desk.post(REVEALS, body).status_code == 201, field
    assert desk.post(REVEALS, asked("resident", outside, "name")).status_code == 404
    assert len(read("SELECT 1 FROM reveal")) == 4


def test_a_role_shows_a_field_only_where_that_role_was_given(sign_in: Client) -> None:
    """Who has a desk in one area and walks another as a grid worker has no desk in the second."""
    filed = file(sign_in(RESIDENT))["request"]["id"]
    with transaction():
        write(
            "INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code,"
            " valid_from) VALUES ('TWO-PLACES', 'desk_clerk', %(id)s, 'x', 'DDHT-DG-XX',"
            " '2024-01-01')",
            {"id": account_of(WORKER)},
        )
    worker = proved(sign_in(WORKER))
    check = {"reason": "identity-check"}
    here, there = resident_of("resident"), resident_of("neighbour")
    try:
        for kind, key in (("resident", here), ("request", filed)):
            refused = worker.post(REVEALS, asked(kind, key, "id_number") | check)
            assert (refused.status_code, slug(refused)) == (404, "not-found"), kind
            assert worker.post(REVEALS, asked(kind, key, "name") | check).status_code == 201
        shown = worker.post(REVEALS, asked("resident", there, "id_number") | check)
        assert shown.status_code == 201
        roles = [row.role for row in read("SELECT role FROM reveal ORDER BY id")]
        assert roles == ["grid_worker", "grid_worker", "desk_clerk"], "by which role it was shown"
    finally:
        with transaction():
            write("DELETE FROM staff_grant WHERE staff_sid = 'TWO-PLACES'")


def test_what_a_role_may_not_see_it_does_not_see_for_any_reason(sign_in: Client) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    refused = proved(sign_in(WORKER)).post(REVEALS, asked("request", filed, "id_number"))
    assert (refused.status_code, slug(refused)) == (403, "field-not-for-role")
    assert read("SELECT 1 FROM reveal") == []


def test_a_repeat_is_another_look_with_an_entry_of_its_own(sign_in: Client) -> None:
    filed, worker = file(sign_in(RESIDENT))["request"]["id"], proved(sign_in(WORKER))
    told = [worker.post(REVEALS, asked("request", filed), key="one-key-for-both") for _ in "12"]
    assert [each.status_code for each in told] == [201, 201]
    assert (told[0].json or {})["id"] != (told[1].json or {})["id"]
    assert len(read("SELECT 1 FROM reveal")) == 2
    assert len(read("SELECT 1 FROM audit_entry WHERE deed = 'reveal'")) == 2
    kept = read("SELECT 1 FROM idempotency_key WHERE operation LIKE 'rights.reveal_field%%'")
    assert kept == [], "the value stands in no answer that is kept"


def test_a_repeat_shows_nothing_to_who_may_see_it_no_more(sign_in: Client) -> None:
    filed, worker = file(sign_in(RESIDENT))["request"]["id"], proved(sign_in(WORKER))
    body = asked("request", filed)
    assert worker.post(REVEALS, body, key="one-key-for-both").status_code == 201
    about = {"id": account_of(WORKER)}
    with transaction():
        was = write("SELECT area_code FROM staff_grant WHERE account_id = %(id)s", about)[0]
        elsewhere = "UPDATE staff_grant SET area_code = %(area)s WHERE account_id = %(id)s"
        write(elsewhere, about | {"area": "DDHT-DG-XX"})
    try:
        refused = worker.post(REVEALS, body, key="one-key-for-both")
        assert (refused.status_code, slug(refused)) == (404, "not-found")
    finally:
        with transaction():
            write(elsewhere, about | {"area": was.area_code})


def test_residents_auditors_and_operators_reveal_nothing(sign_in: Client) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    for person in (NEIGHBOUR, RESIDENT, staff_with("auditor"), staff_with("sync_operator")):
        assert sign_in(person).post(REVEALS, asked("request", filed)).status_code == 403


def test_a_request_out_of_sight_and_a_kind_that_is_none_are_not_found(sign_in: Client) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    elsewhere = proved(sign_in(staff_with("grid_worker")))
    if elsewhere.get(f"/api/v1/requests/{filed}").status_code == 404:
        assert elsewhere.post(REVEALS, asked("request", filed)).status_code == 404
    assert proved(sign_in(WORKER)).post(REVEALS, asked("nothing", filed)).status_code == 404
    assert read("SELECT 1 FROM reveal") == []


def test_who_has_not_just_proved_who_they_are_sees_nothing(sign_in: Client) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    refused = sign_in(WORKER).post(REVEALS, asked("request", filed))
    assert refused.status_code in (401, 403)
    assert read("SELECT 1 FROM reveal") == []


def test_thirty_a_day_are_enough(sign_in: Client) -> None:
    filed, worker = file(sign_in(RESIDENT))["request"]["id"], proved(sign_in(WORKER))
    told = [worker.post(REVEALS, asked("request", filed)).status_code for _ in range(31)]
    assert told == [201] * 30 + [429]


@pytest.mark.parametrize("change", [{"reason": "curious"}, {"words": "x"}, {"field": "phone,name"}])
def test_a_reason_is_a_code_and_words(sign_in: Client, change: dict[str, str]) -> None:
    filed = file(sign_in(RESIDENT))["request"]["id"]
    assert (
        proved(sign_in(WORKER)).post(REVEALS, asked("request", filed) | change).status_code == 422
    )


def test_the_person_finds_it_in_their_copy(app: Flask, sign_in: Client) -> None:
    from tests.rights.test_exports import taken

    resident = sign_in(RESIDENT)
    filed = file(resident)["request"]["id"]
    proved(sign_in(WORKER)).post(REVEALS, asked("request", filed))
    content = taken(app, resident)["my-data.json"].decode()
    assert '"reason": "call-back"' in content
