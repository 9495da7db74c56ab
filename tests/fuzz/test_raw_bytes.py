"""Bytes that no description yields: each is refused by name, nothing is written, nothing breaks."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.database import Model, read
from tests.fuzz import corpus
from tests.people import RESIDENT, STAFF, Caller, Person
from tests.requests_of import NEW, file

Client = Callable[[Person], Caller]

APART = {"audit_entry", "attempt_counter"}
"""The books of who tried what: they are written whatever becomes of the try."""


@pytest.fixture
def resident(sign_in: Client) -> Caller:
    return sign_in(RESIDENT)


@pytest.fixture
def worker(sign_in: Client) -> Caller:
    return sign_in(STAFF)


def everything() -> list[tuple[Any, ...]]:
    """Return a fingerprint of every table."""
    tables = sorted(Model.metadata.tables.keys() - APART)
    sums = "sum(hashtextextended(t::text, 0))"
    each = [f"SELECT '{name}', count(*), {sums} FROM \"{name}\" t" for name in tables]
    return sorted((tuple(row) for row in read(" UNION ALL ".join(each))), key=str)


@pytest.fixture
def _nothing_is_written(app: Flask, resident: Caller, worker: Caller) -> Iterator[None]:
    file(resident)  # so that there is something to change
    before = everything()
    yield
    assert everything() == before


pytestmark = pytest.mark.usefixtures("_nothing_is_written")


def refused(answer: TestResponse, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text[:300]
    assert answer.mimetype == "application/problem+json"
    problem = dict(answer.json or {})
    assert problem["type"] == f"urn:linli:problem:{slug}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["instance"] == f"urn:linli:request:{answer.headers['X-Request-Id']}"
    return problem


def faults(answer: TestResponse) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in refused(answer, 422, "invalid")["errors"]}


def send(
    caller: Caller, body: bytes, kind: str = "application/json", **headers: str
) -> TestResponse:
    return caller.post("/api/v1/requests", data=body, headers={"Content-Type": kind, **headers})


@pytest.mark.parametrize("body", corpus.NOT_JSON.values(), ids=corpus.NOT_JSON)
def test_a_body_that_is_not_json_in_utf_8(resident: Caller, body: bytes) -> None:
    refused(send(resident, body), 400, "malformed")


@pytest.mark.parametrize("kind", corpus.WRONG_KINDS)
def test_a_body_that_says_it_is_something_else(resident: Caller, kind: str) -> None:
    refused(send(resident, corpus.AT_A_PLACE.encode(), kind), 415, "media-type-not-supported")


@pytest.mark.parametrize("body", [b"null", b"[]", b'"RUBBISH"', b"7", b"true"])
def test_json_that_is_no_object(resident: Caller, body: bytes) -> None:
    assert faults(send(resident, body)) == {"": "invalid"}


def test_a_body_over_a_mebibyte(resident: Caller) -> None:
    padded = corpus.AT_A_PLACE.encode() + b" " * 1024 * 1024
    refused(send(resident, padded), 413, "body-too-large")


def test_a_body_in_chunks_without_its_length(resident: Caller) -> None:
    answer = resident.post("/api/v1/requests", headers={"Transfer-Encoding": "chunked"})
    refused(answer, 411, "length-needed")


@pytest.mark.parametrize(
    ("change", "pointer", "code"), corpus.WRONG_REQUEST.values(), ids=corpus.WRONG_REQUEST
)
def test_a_request_with_a_wrong_field(
    resident: Caller, change: dict[str, object], pointer: str, code: str
) -> None:
    assert faults(resident.post("/api/v1/requests", {**NEW, **change})) == {pointer: code}


@pytest.mark.parametrize(("number", "code"), corpus.WRONG_PLACE.values(), ids=corpus.WRONG_PLACE)
def test_a_place_that_is_none(resident: Caller, number: str, code: str) -> None:
    body = f'{{"matter":"RUBBISH","words":"a","place":{{"lng":{number},"lat":40,"crs":"wgs84"}}}}'
    assert faults(send(resident, body.encode())) == {"/place/lng": code}


@pytest.mark.parametrize(("number", "code"), corpus.WRONG_STARS.values(), ids=corpus.WRONG_STARS)
def test_stars_that_are_no_small_whole_number(resident: Caller, number: str, code: str) -> None:
    mine = (resident.get("/api/v1/requests/mine").json or {})["items"][0]["id"]
    answer = resident.post(
        f"/api/v1/requests/{mine}/rating",
        data=f'{{"stars":{number}}}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert faults(answer) == {"/stars": code}


@pytest.mark.parametrize("moment", corpus.WRONG_MOMENTS)
def test_a_moment_that_is_none_or_out_of_time(worker: Caller, moment: str) -> None:
    body = {"title": "a", "body_md": "b", "audience": {"areas": ["DDHT"]}, "expires_at": moment}
    assert faults(worker.post("/api/v1/notices", body)) == {"/expires_at": "invalid"}


@pytest.mark.parametrize(
    ("query", "pointer"), corpus.WRONG_QUERY.items(), ids=range(len(corpus.WRONG_QUERY))
)
def test_a_wrong_parameter(nobody: Caller, query: str, pointer: str) -> None:
    assert set(faults(nobody.get(f"/api/v1/areas?{query}"))) == {pointer}


@pytest.mark.parametrize("near", corpus.WRONG_POINTS)
def test_a_point_that_is_none(nobody: Caller, near: str) -> None:
    assert "/near" in faults(nobody.get(f"/api/v1/points?crs=wgs84&near={near}"))


@pytest.mark.parametrize("path", corpus.NOWHERE)
def test_an_address_that_is_nowhere(resident: Caller, path: str) -> None:
    refused(resident.get(path), 404, "not-found")


@pytest.mark.parametrize("key", corpus.WRONG_KEYS)
def test_a_key_that_is_none(resident: Caller, key: str) -> None:
    answer = send(resident, corpus.AT_A_PLACE.encode(), **{"Idempotency-Key": key})
    refused(answer, 400, "idempotency-key-needed")


@pytest.mark.parametrize("tag", corpus.WRONG_TAGS)
def test_a_version_that_is_none(resident: Caller, tag: str) -> None:
    mine = (resident.get("/api/v1/requests/mine").json or {})["items"][0]["id"]
    answer = resident.post(f"/api/v1/requests/{mine}/withdrawal", headers={"If-Match": tag})
    refused(answer, 400, "if-match-refused")
