"""Whatever goes wrong at the edge is a named problem in the caller's language."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.people import RESIDENT, Caller, Person
from tests.requests_of import NEW

Client = Callable[[Person], Caller]


def problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.json
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == f"urn:linli:problem:{slug}"
    assert answer.json["instance"] == f"urn:linli:request:{answer.headers['X-Request-Id']}"
    return dict(answer.json)


def test_an_address_that_is_nowhere(nobody: Caller) -> None:
    problem(nobody.get("/nowhere"), 404, "not-found")


def test_a_method_that_an_address_has_not(nobody: Caller) -> None:
    answer = nobody.delete("/healthz")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_a_body_that_is_not_json(nobody: Caller) -> None:
    for body in (b"{", b"", b'{"a":1,"a":2}', b'{"a":NaN}', b"\xff\xfe", b"[" * 100_000):
        answer = nobody.post(
            "/api/v1/sessions", data=body, headers={"Content-Type": "application/json"}
        )
        problem(answer, 400, "malformed")


def test_a_body_of_another_kind(nobody: Caller) -> None:
    answer = nobody.post("/api/v1/sessions", data="a=1", headers={"Content-Type": "text/plain"})
    problem(answer, 415, "media-type-not-supported")


def test_a_body_that_is_too_large(nobody: Caller) -> None:
    answer = nobody.post("/api/v1/sessions", {"code": "1" * (1024 * 1024)})
    assert problem(answer, 413, "body-too-large")["limit"] == 1024 * 1024


def test_a_body_without_a_length(nobody: Caller) -> None:
    answer = nobody.post("/api/v1/sessions", headers={"Transfer-Encoding": "chunked"})
    problem(answer, 411, "length-needed")


def test_each_wrong_field_is_named_and_no_value_repeated(sign_in: Client) -> None:
    place = {"lng": 999, "lat": "x", "crs": "mars", "secret-of-mine": 1}
    body = {"matter": "no such\x00code", "words": "\ud800", "place": place}
    answer = sign_in(RESIDENT).post("/api/v1/requests", body)
    found = {each["pointer"]: each["code"] for each in problem(answer, 422, "invalid")["errors"]}
    assert found == {
        "/matter": "pattern",
        "/words": "control-characters",
        "/place/lng": "range",
        "/place/lat": "invalid",
        "/place/crs": "choice",
        "/place/?": "unknown",
    }
    assert "mars" not in answer.text
    assert "secret" not in answer.text


def test_a_parameter_given_twice_or_unknown(nobody: Caller) -> None:
    twice = problem(nobody.get("/api/v1/areas?limit=1&limit=2"), 422, "invalid")
    assert twice["errors"][0]["code"] == "repeated"
    unknown = problem(nobody.get("/api/v1/areas?limits=1"), 422, "invalid")
    assert unknown["errors"][0]["code"] == "unknown"


@pytest.mark.parametrize("cursor", ["x", "AAAA", "FDCAfsoUEdxbInBvaW50cyIsMC4wMDAw"])
def test_a_cursor_of_ones_own_making(nobody: Caller, cursor: str) -> None:
    problem(nobody.get(f"/api/v1/areas?cursor={cursor}"), 400, "cursor-refused")


def test_a_cursor_of_another_list(nobody: Caller) -> None:
    first = nobody.get("/api/v1/matters?limit=1").json
    assert first is not None
    problem(nobody.get(f"/api/v1/areas?cursor={first['next']}"), 400, "cursor-refused")


def test_two_languages_for_words_and_one_for_names(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    spoken = {}
    for language in ("zh-CN", "en", "fr", "en-GB,en;q=0.9", ""):
        answer = resident.post("/api/v1/requests", {}, headers={"Accept-Language": language})
        body = problem(answer, 422, "invalid")
        assert {each["code"] for each in body["errors"]} == {"required"}
        spoken[language] = (body["title"], body["errors"][0]["detail"])
    assert spoken["zh-CN"] == spoken["fr"] == spoken[""] == ("有字段填写不正确", "此项必填")
    assert spoken["en"] == spoken["en-GB,en;q=0.9"]
    assert spoken["en"][1] == "This is required"


def test_the_request_id_is_echoed_if_it_can_be_one(nobody: Caller) -> None:
    key = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"
    given = nobody.get("/healthz", headers={"X-Request-Id": key})
    assert given.headers["X-Request-Id"] == key
    for strange in ("a b <script>", "19904150001", "x" * 36):
        answer = nobody.get("/healthz", headers={"X-Request-Id": strange})
        assert answer.headers["X-Request-Id"] != strange


def test_a_fault_of_ours_tells_nothing_and_writes_nothing(
    sign_in: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("楼道 secret")

    resident = sign_in(RESIDENT)
    monkeypatch.setattr("community.requests.filing.service.tell_district", broken)
    answer = resident.post("/api/v1/requests", NEW)
    problem(answer, 500, "internal-fault")
    mine = resident.get("/api/v1/requests/mine").json
    assert mine == {"items": [], "next": None}
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text + answer.text
