"""Operators and auditors read the books of the exchange; what operators decide is named."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuids
from flask import Flask

from app.database import read, transaction, write
from app.sync.contract.records import Reject
from app.sync.inward.quarantine import put_aside
from tests.exchange.good_rows import STREAMS
from tests.people import (
    NEWCOMER,
    RESIDENT,
    STAFF,
    WORKER,
    Caller,
    Person,
    account_of,
    proved,
    staff_with,
)

Client = Callable[[Person], Caller]

BOOKS = "/api/v1/sync"
SOURCE = "try-out"
LISTS = ("runs", "batches", "quarantine", "holds", "drift")

HOLD = """
INSERT INTO sync_hold (id, source, stream, run_id, n_missing, n_live)
VALUES (%(id)s, 'try-out', 'households', 1, 60, 61)
"""
HELD_KEY = "INSERT INTO sync_held_key (hold_id, sid, ver) VALUES (%(id)s, 'TRY-H1', 1)"
DRIFT = """
INSERT INTO sync_drift (source, stream, kind, subject, detail)
VALUES ('try-out', 'points', 'COLUMN_NEW', %(name)s, '{"rows": 3}')
"""


@pytest.fixture
def operator(sign_in: Client) -> Caller:
    """Return the one who looks after the exchange in the sample."""
    return proved(sign_in(staff_with("sync_operator")))


@pytest.fixture
def auditor(sign_in: Client) -> Caller:
    """Return the auditor of the sample."""
    return sign_in(staff_with("auditor"))


@pytest.fixture(autouse=True)
def nothing_left(app: Flask) -> Iterator[None]:
    """Take away what was put into the books."""
    yield
    with transaction():
        write("DELETE FROM sync_held_key")
        for table in ("sync_hold", "sync_quarantine", "sync_drift"):
            write(f"DELETE FROM {table}")


def spoilt(*keys: str, stream: str = "residents") -> list[str]:
    """Put a row aside for each key, and return the names under which they lie there."""
    rejects = [Reject(key, "NOT_A_PHONE", "phone", f'{{"sid": "{key}"}}') for key in keys]
    with transaction():
        put_aside(SOURCE, next(each for each in STREAMS if each.name == stream), rejects)
    sql = "SELECT digest FROM sync_quarantine WHERE stream = %(stream)s ORDER BY digest"
    return [row.digest for row in read(sql, {"stream": stream})]


def held() -> UUID:
    """Hold a deletion back."""
    key: UUID = uuids.uuid7()
    with transaction():
        write(HOLD, {"id": key})
        write(HELD_KEY, {"id": key})
    return key


def decide(caller: Caller, key: object, approve: object) -> Any:
    return caller.post(f"{BOOKS}/holds/{key}/decision", {"approve": approve})


def dismiss(caller: Caller, digest: str, stream: str = "residents") -> Any:
    return caller.post(f"{BOOKS}/quarantine/{SOURCE}/{stream}/{digest}/dismissal")


def pages(caller: Caller, path: str, limit: int) -> list[dict[str, Any]]:
    """Return the items of all pages, of which each but the last is full."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        sep = "&" if "?" in path else "?"
        end = f"&cursor={cursor}" if cursor else ""
        page = caller.get(f"{BOOKS}/{path}{sep}limit={limit}{end}").json or {}
        assert len(page["items"]) <= limit
        found, cursor = found + page["items"], page["next"]
    return found


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rpartition(":")[2]


def entries(deed: str) -> list[Any]:
    return read("SELECT * FROM audit_entry WHERE deed = %(deed)s", {"deed": deed})


@pytest.mark.parametrize("book", LISTS)
def test_operators_and_auditors_read_each_book(
    operator: Caller, auditor: Caller, book: str
) -> None:
    for caller in (operator, auditor):
        answer = caller.get(f"{BOOKS}/{book}")
        assert answer.status_code == 200, answer.json


@pytest.mark.parametrize("person", [RESIDENT, NEWCOMER, WORKER, STAFF], ids=lambda p: p.key)
def test_nobody_else_reads_or_decides(sign_in: Client, person: Person) -> None:
    caller, key, (digest,) = sign_in(person), held(), spoilt("TRY-R1")
    for book in LISTS:
        assert caller.get(f"{BOOKS}/{book}").status_code == 403
    assert decide(caller, key, True).status_code == 403
    assert dismiss(caller, digest).status_code == 403
    assert [row.status for row in read("SELECT status FROM sync_hold")] == ["held"]


def test_an_auditor_decides_nothing(auditor: Caller) -> None:
    (digest,) = spoilt("TRY-R1")
    assert decide(auditor, held(), True).status_code == 403
    assert dismiss(auditor, digest).status_code == 403


def test_each_reading_of_the_sample_is_in_the_books(auditor: Caller) -> None:
    """Every stream was read once, to its end, and all rows of it are accounted for."""
    runs = {run["stream"]: run for run in pages(auditor, "runs", 3)}
    assert {run["status"] for run in runs.values()} == {"done"}
    batches = pages(auditor, "batches", 4)
    for stream, run in runs.items():
        (batch,) = [each for each in batches if each["stream"] == stream]
        assert batch["run_id"] == run["id"]
        assert batch["n_in"] == run["rows_in"] == run["rows_expected"]
    one = auditor.get(f"{BOOKS}/runs?stream=residents").json or {}
    assert [each["stream"] for each in one["items"]] == ["residents"]
    assert (auditor.get(f"{BOOKS}/batches?stream=nonsense").json or {})["items"] == []


def test_a_reading_under_way_says_how_fast_it_is_and_what_is_left(auditor: Caller) -> None:
    """It went on where one that died had read 600 of 1,600: 200 rows in ten seconds are its own.

    That it lives for some time after its last page, going through the list again, slows no page.
    """
    with transaction():
        write(
            "INSERT INTO sync_run (id, source, stream, fence, started_at, seen_at, status, rows_in,"
            " rows_expected) OVERRIDING SYSTEM VALUE VALUES"
            " (990001, 'try-out', 'addresses', 1, '2026-11-23T01:00Z', '2026-11-23T01:01Z',"
            " 'running', 800, 1600),"
            " (990002, 'try-out', 'addresses', 1, now() - interval '5 s', now(), 'running',"
            " 0, NULL),"
            " (990003, 'try-out', 'addresses', 1, now(), now(), 'running', 0, 9)"
        )
        write(
            "INSERT INTO sync_batch (run_id, source, stream, at, n_in, n_inserted, n_updated,"
            " n_deleted, n_same, n_stale, n_duplicate, n_suppressed, n_bad, n_waiting, n_home)"
            " SELECT run, 'try-out', 'addresses', at, 100, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0"
            " FROM (VALUES (990001, timestamptz '2026-11-23T01:00:05Z'), "
            " (990001, '2026-11-23T01:00:10Z'), (990002, now())) page (run, at)"
        )
    new, endless, running = (auditor.get(f"{BOOKS}/runs?limit=3").json or {})["items"]
    assert (endless["rows_per_second"], endless["seconds_left"]) == (20, None)
    assert (running["rows_per_second"], running["seconds_left"]) == (20, 40)
    assert (new["rows_per_second"], new["seconds_left"]) == (None, None)
    with transaction():
        write("UPDATE sync_run SET status = 'done', ended_at = seen_at WHERE id = 990001")
    *_, done = (auditor.get(f"{BOOKS}/runs?limit=3").json or {})["items"]
    assert (done["rows_per_second"], done["seconds_left"]) == (20, None)


@pytest.mark.parametrize("book", LISTS)
def test_a_mark_of_another_list_is_refused(operator: Caller, auditor: Caller, book: str) -> None:
    foreign = (operator.get("/api/v1/areas?parent=DDHT&limit=1").json or {})["next"]
    assert slug(operator.get(f"{BOOKS}/{book}?cursor={foreign}")) == "cursor-refused"


def test_the_quarantine_says_why_and_never_what(auditor: Caller) -> None:
    spoilt("TRY-R1")
    answer = auditor.get(f"{BOOKS}/quarantine")
    (item,) = (answer.json or {})["items"]
    assert (item["code"], item["field"], item["times"]) == ("NOT_A_PHONE", "phone", 1)
    assert "TRY-R1" not in answer.text


def test_the_quarantine_comes_a_page_at_a_time_by_its_state(operator: Caller) -> None:
    digests = spoilt(*(f"TRY-R{n}" for n in range(7)))
    others = spoilt(*(f"TRY-P{n}" for n in range(4)), stream="points")
    assert [each["digest"] for each in pages(operator, "quarantine", 2)] == [*others, *digests]
    assert dismiss(operator, digests[2]).status_code == 200
    found = [each["digest"] for each in pages(operator, "quarantine?status=dismissed", 2)]
    assert found == [digests[2]]
    assert len(pages(operator, "quarantine?status=open", 3)) == 10
    assert pages(operator, "quarantine?status=replayed", 3) == []
    assert operator.get(f"{BOOKS}/quarantine?status=lost").status_code == 422


def test_a_dismissed_row_stays_dismissed_when_it_comes_again(operator: Caller) -> None:
    """A row that somebody judged to be no matter is not put before them every night."""
    (digest,) = spoilt("TRY-R1")
    answer = dismiss(operator, digest).json
    assert (answer["status"], answer["digest"]) == ("dismissed", digest)
    assert spoilt("TRY-R1") == [digest]
    (item,) = pages(operator, "quarantine", 5)
    assert (item["status"], item["times"]) == ("dismissed", 2)
    (entry,) = entries("sync.quarantine.dismissed")
    assert entry.account_id == account_of(staff_with("sync_operator"))
    assert (entry.subject_id, entry.facts) == (digest, {"stream": "residents"})


@pytest.mark.parametrize("status", ["dismissed", "superseded", "replayed"])
def test_a_closed_row_is_not_dismissed_again(operator: Caller, status: str) -> None:
    (digest,) = spoilt("TRY-R1")
    with transaction():
        write("UPDATE sync_quarantine SET status = %(status)s", {"status": status})
    answer = dismiss(operator, digest)
    assert (answer.status_code, slug(answer)) == (409, "quarantine-closed")
    assert (answer.json["status"], answer.json["state"]) == (409, status)
    assert entries("sync.quarantine.dismissed") == []


def test_a_row_that_is_not_there_is_not_found(operator: Caller) -> None:
    (digest,) = spoilt("TRY-R1")
    assert dismiss(operator, digest, stream="points").status_code == 404
    assert dismiss(operator, "0" * 32).status_code == 404


@pytest.mark.parametrize(("approve", "status"), [(True, "approved"), (False, "refused")])
def test_a_hold_is_decided_by_somebody_with_a_name(
    operator: Caller, auditor: Caller, approve: bool, status: str
) -> None:
    key, me = held(), account_of(staff_with("sync_operator"))
    found = decide(operator, key, approve).json
    assert (found["status"], found["decided_by"]) == (status, str(me))
    (item,) = pages(auditor, "holds", 5)
    assert item == found
    (entry,) = entries(f"sync.hold.{status}")
    assert (entry.account_id, entry.subject_id) == (me, str(key))
    assert entry.facts == {"stream": "households", "missing": 60}
    kept = len(read("SELECT FROM sync_held_key"))
    assert kept == (1 if approve else 0), "what is refused is not kept; what is approved must be"


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_what_is_decided_is_decided(operator: Caller, first: bool, second: bool) -> None:
    key = held()
    assert decide(operator, key, first).status_code == 200
    answer = decide(operator, key, second)
    assert (answer.status_code, slug(answer)) == (409, "hold-decided")
    (row,) = read("SELECT status FROM sync_hold")
    assert (answer.json["status"], answer.json["state"]) == (409, row.status)
    assert row.status == ("approved" if first else "refused")
    assert len(entries("sync.hold.approved") + entries("sync.hold.refused")) == 1


def test_of_two_who_decide_at_once_one_decides(app: Flask, operator: Caller) -> None:
    key, start = held(), threading.Barrier(6)
    answers: list[int] = []

    def one(approve: bool) -> None:
        caller = Caller(app, operator.headers)
        start.wait()
        answers.append(decide(caller, key, approve).status_code)

    threads = [threading.Thread(target=one, args=[n % 2 == 0]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409, 409, 409]
    assert len(entries("sync.hold.approved") + entries("sync.hold.refused")) == 1


@pytest.mark.parametrize("body", [{}, {"approve": "yes"}, {"approve": 1}, {"approve": None}])
def test_a_decision_is_yes_or_no(operator: Caller, body: dict[str, object]) -> None:
    answer = operator.post(f"{BOOKS}/holds/{held()}/decision", body)
    assert answer.status_code == 422
    assert [row.status for row in read("SELECT status FROM sync_hold")] == ["held"]


def test_a_hold_that_is_not_there_is_not_found(operator: Caller) -> None:
    assert decide(operator, uuids.uuid7(), True).status_code == 404


def test_holds_and_drift_come_the_newest_first(operator: Caller) -> None:
    keys = [str(held()) for _ in range(5)]
    assert [each["id"] for each in pages(operator, "holds", 2)] == keys[::-1]
    with transaction():
        for name in "abcde":
            write(DRIFT, {"name": name})
    found = pages(operator, "drift", 2)
    assert [each["subject"] for each in found] == list("edcba")
    assert (found[0]["kind"], found[0]["detail"]) == ("COLUMN_NEW", {"rows": 3})
