"""The log says what was asked and how it went, and never who somebody is or what they wrote."""

import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.sms.delivery import sms_sweep
from tests.people import PEOPLE, RESIDENT, Caller, bearer
from tests.requests_of import NEW
from tests.signing_in import Inbox

KEYS = {
    "at", "request_id", "method", "operation", "route", "status", "problem", "account", "ms",
    "statements", "bytes",
}  # fmt: skip

FACTS = PEOPLE["resident"]
WORDS = "三楼王某半夜扰民"
KEY = "canary-idempotency-key-01"
DEVICE = "金丝雀的手机"
CANARIES = [FACTS["phone"], FACTS["name"], FACTS["id_number"], WORDS, KEY, DEVICE]


class Kept(logging.Handler):
    """Keeps every line, as a collector of logs would."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines if line.startswith("{")]


@pytest.fixture
def kept(app: Flask) -> Iterator[Kept]:
    """Return all that the product and its libraries log."""
    handler = Kept()
    places = [logging.getLogger(), logging.getLogger("linli")]
    for place in places:
        place.addHandler(handler)
    yield handler
    for place in places:
        place.removeHandler(handler)


def signed_in(nobody: Caller, canaries: list[str]) -> Caller:
    """Sign in as a resident would, noting every secret on the way."""
    asked = nobody.post("/api/v1/sign-in/challenges", {"phone": FACTS["phone"]}).json or {}
    inbox = Inbox()
    sms_sweep(lambda: inbox).run()
    code = inbox.code(asked["challenge_id"])
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    body = {"challenge_id": asked["challenge_id"], "device": DEVICE}
    nobody.post("/api/v1/sessions", {**body, "code": wrong})
    begun = nobody.post("/api/v1/sessions", {**body, "code": code}).json or {}
    refresh = {"refresh_token": begun["refresh_token"], "rotation_id": str(uuid.uuid4())}
    nobody.post("/api/v1/sessions/refresh", refresh)
    canaries += [begun["access_token"], begun["refresh_token"]]
    nobody.headers = {"Authorization": f"Bearer {begun['access_token']}"}
    return nobody


def a_day_of_a_resident(resident: Caller) -> None:
    """Verify and file, well and badly."""
    proof = {"name": FACTS["name"], "id_number": FACTS["id_number"]}
    resident.post("/api/v1/me/verification", {**proof, "name": FACTS["name"] + "错"}, key=KEY)
    resident.post("/api/v1/me/verification", {**proof, "id_number": FACTS["id_number"] + "9"})
    resident.post("/api/v1/me/verification", proof, key=KEY + "-2")
    slips: list[dict[str, Any]] = [{}, {"matter": "NO-SUCH"}, {"place": {}}, {"whom": WORDS}]
    for changes in slips:
        resident.post("/api/v1/requests", {**NEW, "words": WORDS, **changes}, key=KEY)
    resident.get(f"/api/v1/requests?name={FACTS['name']}&phone={FACTS['phone']}")
    resident.get(f"/api/v1/requests/{FACTS['id_number']}")
    resident.post("/api/v1/requests", data=WORDS.encode(), headers={"Content-Type": "text/plain"})


def test_each_request_is_one_line_with_the_allowed_keys_and_no_other(
    app: Flask, nobody: Caller, kept: Kept
) -> None:
    nobody.get("/healthz")
    nobody.get("/nowhere/at/all?who=me")
    Caller(app, bearer(RESIDENT)).get("/api/v1/me?secret=1")
    assert len(kept.requests) == 3
    assert all(line.keys() == KEYS for line in kept.requests)
    lost, mine = kept.requests[1:]
    assert (lost["status"], lost["route"], lost["problem"]) == (404, None, "not-found")
    assert mine["account"]
    assert mine["operation"] == "identity.show_me"


def test_the_line_is_found_by_the_id_that_the_caller_was_given(nobody: Caller, kept: Kept) -> None:
    answer = nobody.get("/nowhere")
    assert kept.requests[-1]["request_id"] == answer.headers["X-Request-Id"]


def test_nothing_that_names_a_resident_is_in_any_line(nobody: Caller, kept: Kept) -> None:
    canaries = list(CANARIES)
    a_day_of_a_resident(signed_in(nobody, canaries))
    assert len(kept.requests) == 14
    assert {201, 202, 204, 401, 404, 422} <= {line["status"] for line in kept.requests}
    for line in kept.lines:
        for canary in canaries:
            assert canary not in line
            assert json.dumps(canary).strip('"') not in line


def test_a_fault_of_the_product_is_logged_without_what_the_resident_wrote(
    app: Flask, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack is enough to find it; the exception's own text may quote a resident."""

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"cannot file {WORDS} of {FACTS['phone']}")

    monkeypatch.setattr("community.requests.filing.asking.file_request", broken)
    resident = Caller(app, bearer(RESIDENT))
    answer = resident.post("/api/v1/requests", {**NEW, "words": WORDS}, key=KEY)
    assert answer.status_code == 500
    assert WORDS not in answer.get_data(as_text=True)
    said = "\n".join(kept.lines)
    assert "ValueError" in said
    assert kept.requests[-1]["request_id"] in said.replace(json.dumps(kept.requests[-1]), "")
    assert not [canary for canary in CANARIES if canary in said]


def test_a_database_that_refuses_is_logged_without_the_values(app: Flask, kept: Kept) -> None:
    resident = Caller(app, bearer(RESIDENT))
    answer = resident.post("/api/v1/requests", {**NEW, "words": WORDS + "\0"}, key=KEY)
    assert answer.status_code in (400, 422)
    assert not [canary for canary in CANARIES if canary in "\n".join(kept.lines)]
