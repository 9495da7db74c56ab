"""A repeat is answered with the first answer, and does nothing again."""

import threading
from collections import Counter
from collections.abc import Callable

from flask import Flask

from app.database import read
from tests.people import NEIGHBOUR, RESIDENT, Caller, Person, bearer
from tests.requests_of import NEW

Client = Callable[[Person], Caller]


def filed() -> int:
    return int(read("SELECT count(*) AS n FROM service_request")[0].n)


def test_the_same_key_gives_the_same_answer_once_done(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    first = resident.post("/api/v1/requests", NEW, key="phone-key-1")
    again = resident.post("/api/v1/requests", NEW, key="phone-key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert filed() == 1


def test_the_same_key_with_another_body_is_refused(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    resident.post("/api/v1/requests", NEW, key="phone-key-1")
    answer = resident.post("/api/v1/requests", {**NEW, "words": "another"}, key="phone-key-1")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["type"] == "urn:linli:problem:idempotency-key-reused"
    assert filed() == 1


def test_a_key_belongs_to_its_caller_and_its_operation(sign_in: Client) -> None:
    one, other = sign_in(RESIDENT), sign_in(NEIGHBOUR)
    first = one.post("/api/v1/requests", NEW, key="phone-key-1")
    second = other.post("/api/v1/requests", NEW, key="phone-key-1")
    assert first.json is not None
    assert second.json is not None
    assert first.json["request"]["id"] != second.json["request"]["id"]
    path = f"/api/v1/requests/{first.json['request']['id']}/withdrawal"
    assert one.post(path, key="phone-key-1", version=1).status_code == 200


def test_a_refused_request_keeps_no_key(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    refused = resident.post("/api/v1/requests", {**NEW, "matter": "NO-SUCH"}, key="phone-key-1")
    assert refused.status_code == 409
    assert resident.post("/api/v1/requests", NEW, key="phone-key-1").status_code == 201


def test_a_key_is_needed_and_must_be_one(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    for key in ("short", "with space in it", "x" * 129):
        answer = resident.post("/api/v1/requests", NEW, key=key)
        assert answer.status_code == 400
        assert answer.json is not None
        assert answer.json["type"] == "urn:linli:problem:idempotency-key-needed"
    assert filed() == 0


def test_of_many_at_the_same_instant_one_is_done(app: Flask) -> None:
    headers, together = bearer(RESIDENT), threading.Barrier(8)
    statuses: Counter[int] = Counter()

    def phone() -> None:
        caller = Caller(app, headers)
        together.wait()
        with app.app_context():
            statuses[caller.post("/api/v1/requests", NEW, key="phone-key-1").status_code] += 1

    threads = [threading.Thread(target=phone) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert filed() == 1
    assert statuses[201] >= 1
    assert set(statuses) <= {201, 409, 503}  # 503: more phones than connections of this process


def test_the_kept_answer_is_sealed(sign_in: Client) -> None:
    sign_in(RESIDENT).post("/api/v1/requests", NEW, key="phone-key-1")
    kept = read("SELECT answer_sealed FROM idempotency_key")[0].answer_sealed
    assert kept
    assert NEW["words"].encode() not in bytes(kept)
