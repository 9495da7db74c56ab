"""Whoever finds the district's records wrong asks their owner to correct them, and hears back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.corrections.sweeps import correction_sweeps
from app.database import db, read, transaction, write
from app.privacy import vault
from tests.people import (
    NEIGHBOUR,
    NEWCOMER,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    bearer,
    staff_with,
)

Client = Callable[[Person], Caller]

ALL, OWN = "/api/v1/corrections", "/api/v1/me/corrections"
ASKED = {"field": "name", "wanted": "冯帆", "reason": "户口本上是这个字"}
OF_RESIDENT = ASKED | {"stream": "residents", "record": "R00000001"}
OF_POINT = {"stream": "points", "field": "phone", "wanted": "0415-1234567", "reason": "换了号码"}


def refused(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """Assert that it was refused by that name, and return the problem."""
    assert answer.status_code == status, answer.json
    problem = dict(answer.json)
    assert problem["type"] == f"urn:linli:problem:{slug}"
    return problem


def asked(caller: Caller, path: str = OWN, **changes: str) -> dict[str, Any]:
    """Ask for a correction and return the ticket."""
    answer = caller.post(path, {**(ASKED if path == OWN else OF_RESIDENT), **changes})
    assert answer.status_code == 201, answer.json
    return dict(answer.json or {})


def listed(caller: Caller, query: str = "") -> list[str]:
    """Return the keys of all tickets that somebody sees, through all pages."""
    found, cursor = [], ""
    while cursor is not None:
        page = caller.get(f"{ALL}?{query}&cursor={cursor}" if cursor else f"{ALL}?{query}").json
        assert page is not None
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
    return found


def sweep(app: Flask) -> None:
    """Do what the worker does with corrections, once."""
    for each in correction_sweeps(lambda: app.extensions["linli.streams"]):
        each.run()


def told(kind: str) -> list[Any]:
    """Return what the district is told of that kind, in order."""
    sql = "SELECT * FROM outbox WHERE kind = %(kind)s ORDER BY told_at, seq"
    return read(sql, {"kind": kind})


def test_a_resident_asks_for_their_own_record(sign_in: Client) -> None:
    """Nobody has to know the register's key of themselves."""
    resident = sign_in(RESIDENT)
    answer = resident.post(OWN, ASKED)
    assert answer.status_code == 201
    ticket = answer.json or {}
    assert ticket["record"] == RESIDENT.facts["sid"]
    assert {name: ticket[name] for name in ("stream", *ASKED)} == {"stream": "residents", **ASKED}
    assert (ticket["state"], ticket["answer"], ticket["overdue"]) == ("asked", None, False)
    assert answer.headers["Location"] == f"{ALL}/{ticket['id']}"
    assert resident.get(answer.headers["Location"]).json == ticket
    assert listed(resident) == [ticket["id"]]


def test_staff_ask_for_any_record_by_its_key_or_its_code(sign_in: Client) -> None:
    worker = sign_in(WORKER)
    assert asked(worker, ALL)["record"] == "R00000001"
    (point,) = read("SELECT sid, code FROM src_points ORDER BY sid LIMIT 1")
    by_code = asked(worker, ALL, **OF_POINT, record=point.code)
    assert by_code["record"] == point.sid
    again = worker.post(ALL, {**OF_POINT, "record": point.sid, "wanted": "0415-7654321"})
    refused(again, 409, "correction-asked")


def test_who_is_not_in_the_register_has_no_record_to_correct(sign_in: Client) -> None:
    refused(sign_in(NEWCOMER).post(OWN, ASKED), 404, "not-found")


def test_a_resident_may_not_ask_for_others_records(sign_in: Client, nobody: Caller) -> None:
    assert sign_in(RESIDENT).post(ALL, OF_RESIDENT).status_code in (403, 404)
    assert nobody.post(OWN, ASKED).status_code == 401
    assert read("SELECT FROM correction") == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"field": "nonsense"}, "/field", "unknown"),
        ({"field": "sid"}, "/field", "unknown"),
        ({"stream": "nonsense"}, "/stream", "unknown"),
        ({"field": "phone", "wanted": "12"}, "/wanted", "not_a_phone"),
        ({"field": "id_number", "wanted": "210681198111050826"}, "/wanted", "not_an_id_number"),
        ({"field": "relation", "wanted": "stranger"}, "/wanted", "not_a_choice"),
        ({"wanted": " "}, "/wanted", "blank"),
        ({"reason": ""}, "/reason", "length"),
        ({"record": "no key"}, "/record", "pattern"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_place(
    sign_in: Client, changes: dict[str, str], pointer: str, code: str
) -> None:
    answer = sign_in(WORKER).post(ALL, OF_RESIDENT | changes)
    faults = refused(answer, 422, "invalid")["errors"]
    assert [(each["pointer"], each["code"]) for each in faults] == [(pointer, code)]
    assert "210681198111050826" not in answer.text
    assert "stranger" not in answer.text
    assert read("SELECT FROM correction") == []


def test_a_record_that_is_not_there_is_not_found(sign_in: Client) -> None:
    refused(sign_in(WORKER).post(ALL, OF_RESIDENT | {"record": "R99999999"}), 404, "not-found")


@pytest.mark.parametrize("spelling", ["冯凤", " 冯凤 "])
def test_what_the_record_says_already_need_not_be_asked(sign_in: Client, spelling: str) -> None:
    """Spelled otherwise it is the same: both are read by the contract."""
    answer = sign_in(RESIDENT).post(OWN, ASKED | {"wanted": spelling})
    refused(answer, 409, "already-right")
    refused(sign_in(WORKER).post(ALL, OF_RESIDENT | {"wanted": spelling}), 409, "already-right")


def test_who_tries_values_is_seen_and_stopped(sign_in: Client) -> None:
    """The refusal says what the register says: each one is audited, ten a day are enough."""
    worker = sign_in(WORKER)
    right = {"wanted": "冯凤"}
    for _ in range(10):
        refused(worker.post(ALL, OF_RESIDENT | right), 409, "already-right")
    entries = read("SELECT * FROM audit_entry WHERE deed = 'correction-already-right'")
    assert len(entries) == 10
    assert {entry.account_id for entry in entries} == {account_of(WORKER)}
    assert not any("R00000001" in str(entry) or "冯凤" in str(entry) for entry in entries)
    refused(worker.post(ALL, OF_RESIDENT | right), 429, "guesses-spent")
    refused(worker.post(ALL, OF_RESIDENT), 429, "guesses-spent")
    refused(sign_in(RESIDENT).post(OWN, ASKED | right), 409, "already-right")


def test_one_field_is_asked_about_once_until_it_is_answered(sign_in: Client) -> None:
    resident, worker = sign_in(RESIDENT), sign_in(WORKER)
    asked(resident)
    refused(resident.post(OWN, ASKED | {"wanted": "冯番"}), 409, "correction-asked")
    refused(worker.post(ALL, OF_RESIDENT), 409, "correction-asked")
    asked(resident, field="phone", wanted="19904150009")
    assert len(told("correction-asked")) == 2


def test_of_twenty_at_once_one_is_heard(app: Flask) -> None:
    """A family that asks together makes one ticket, and the district is told once."""
    header, start = bearer(RESIDENT), threading.Barrier(20)
    answers: list[int] = []

    def ask(number: int) -> None:
        start.wait()
        caller = Caller(app, header)
        answers.append(caller.post(OWN, ASKED | {"reason": f"第{number}次"}).status_code)
        with app.app_context():
            db.session.remove()

    threads = [threading.Thread(target=ask, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(201) == 1
    assert set(answers) <= {201, 409, 503}, answers
    assert len(read("SELECT FROM correction")) == len(told("correction-asked")) == 1


def test_a_phone_that_lost_the_answer_asks_again_and_gets_it(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    first = resident.post(OWN, ASKED, key="phone-key-1")
    again = resident.post(OWN, ASKED, key="phone-key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    assert len(told("correction-asked")) == 1


def test_nothing_of_it_lies_open(sign_in: Client) -> None:
    """Neither what is wanted nor why: not in the ticket, the audit trail or the outbox."""
    asked(sign_in(RESIDENT))
    kept = ("correction", "audit_entry", "outbox", "idempotency_key")
    content = "".join(
        str(row[0]) for table in kept for row in read(f"SELECT t::text FROM {table} t")
    )
    assert content
    for words in (ASKED["wanted"], ASKED["reason"]):
        assert words not in content
        assert words.encode().hex() not in content


def test_it_is_audited_who_asked_about_which_field(sign_in: Client) -> None:
    ticket = asked(sign_in(RESIDENT))
    (entry,) = read("SELECT * FROM audit_entry WHERE deed = 'correction-asked'")
    assert (entry.account_id, entry.subject_id) == (account_of(RESIDENT), ticket["id"])
    assert entry.facts == {"stream": "residents", "field": "name"}


def test_the_district_is_told_which_record_what_and_until_when(sign_in: Client) -> None:
    ticket = asked(sign_in(RESIDENT))
    (event,) = told("correction-asked")
    assert (event.subject_kind, str(event.subject_id)) == ("correction", ticket["id"])
    content = vault.open("outbox.payload", event.id, bytes(event.payload_sealed))
    for words in ("R00000001", ASKED["wanted"], ASKED["reason"], '"name"', "limit"):
        assert words in content


@pytest.mark.parametrize(
    ("start", "limit"),
    [
        # 2026-09-14 is a Monday; ten days on are two weeks, and the day ends at 24:00 in Shanghai.
        ("2026-08-31T02:00Z", "2026-09-14T16:00Z"),
        # National Day: 1 to 7 October are free, Saturday the 10th is worked for that.
        ("2026-09-28T02:00Z", "2026-10-16T16:00Z"),
    ],
)
def test_the_owner_has_ten_working_days(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch, start: str, limit: str
) -> None:
    """政务数据共享条例: holidays do not count, and who asks before one waits longer."""
    at = datetime.fromisoformat(start)
    worker = sign_in(WORKER)
    monkeypatch.setattr("app.corrections.service.clock.now", lambda: at)
    ticket = asked(worker, ALL)
    assert datetime.fromisoformat(ticket["limit_at"]) == datetime.fromisoformat(limit)
    assert ticket["limit_basis"] == "政务数据共享条例（国务院令第809号）"


def test_who_asked_sees_their_own_and_nobody_elses(sign_in: Client) -> None:
    resident, neighbour, worker = (sign_in(each) for each in (RESIDENT, NEIGHBOUR, WORKER))
    mine = asked(resident)["id"]
    theirs = asked(worker, ALL, field="relation", wanted="other")["id"]
    assert (listed(resident), listed(worker), listed(neighbour)) == ([mine], [theirs], [])
    for caller, key in ((resident, theirs), (worker, mine), (neighbour, mine), (neighbour, theirs)):
        refused(caller.get(f"{ALL}/{key}"), 404, "not-found")
    refused(sign_in(STAFF).get(f"{ALL}/{mine}"), 404, "not-found")


@pytest.mark.parametrize("role", ["sync_operator", "auditor"])
def test_operators_and_auditors_see_everybodys(sign_in: Client, role: str) -> None:
    mine = asked(sign_in(RESIDENT))["id"]
    theirs = asked(sign_in(WORKER), ALL, field="relation", wanted="other")["id"]
    onlooker = sign_in(staff_with(role))
    assert listed(onlooker) == [theirs, mine]
    assert (onlooker.get(f"{ALL}/{mine}").json or {})["wanted"] == ASKED["wanted"]


def test_an_auditor_looks_and_asks_for_nothing(sign_in: Client) -> None:
    auditor = sign_in(staff_with("auditor"))
    assert auditor.post(ALL, OF_RESIDENT).status_code == 403


def test_tickets_come_a_page_at_a_time_the_newest_first(sign_in: Client) -> None:
    worker = sign_in(WORKER)
    sql = "SELECT sid FROM src_residents WHERE relation <> 'other' ORDER BY sid LIMIT 5"
    keys = [
        asked(worker, ALL, record=row.sid, field="relation", wanted="other")["id"]
        for row in read(sql)
    ]
    assert listed(worker, "limit=2") == listed(worker, "limit=3") == keys[::-1]
    refused(worker.get(f"{ALL}?cursor=AAAA"), 400, "cursor-refused")


def test_tickets_are_found_by_their_state(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    open_still = asked(resident)["id"]
    answered = asked(resident, field="relation", wanted="other")["id"]
    with transaction():
        write("UPDATE correction SET state = 'declined' WHERE id = %(id)s", {"id": answered})
    assert listed(resident, "state=asked") == [open_still]
    assert listed(resident, "state=declined") == [answered]
    assert listed(resident, "state=corrected") == []
    assert resident.get(f"{ALL}?state=lost").status_code == 422


def test_a_limit_that_ran_out_is_told_once_and_the_ticket_stays_open(
    app: Flask, sign_in: Client
) -> None:
    resident = sign_in(RESIDENT)
    ticket = asked(resident)["id"]
    sweep(app)
    assert told("correction-overdue") == []
    past = clock.now() - timedelta(days=1)
    with transaction():
        write("UPDATE correction SET limit_at = %(past)s, due_at = %(past)s", {"past": past})
    for _ in range(3):
        sweep(app)
    (event,) = told("correction-overdue")
    assert (str(event.subject_id), event.seq) == (ticket, 2)
    shown = resident.get(f"{ALL}/{ticket}").json or {}
    assert (shown["state"], shown["overdue"], shown["answered_at"]) == ("asked", True, None)
    refused(resident.post(OWN, ASKED), 409, "correction-asked")
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]
    assert deeds == ["correction-asked", "correction-overdue"]


def test_two_workers_tell_of_one_limit_once(app: Flask, sign_in: Client) -> None:
    asked(sign_in(RESIDENT))
    with transaction():
        write("UPDATE correction SET due_at = now() - interval '1 day'")
    start = threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            start.wait()
            sweep(app)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told("correction-overdue")) == 1


def test_moments_are_told_in_utc(sign_in: Client) -> None:
    ticket = asked(sign_in(RESIDENT))
    for name in ("asked_at", "limit_at"):
        assert datetime.fromisoformat(ticket[name]).utcoffset() == UTC.utcoffset(None)
