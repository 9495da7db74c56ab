"""The API's own description is valid, whole, and true to what is answered."""

from collections.abc import Callable, Iterator
from typing import Any

import marshmallow as ma
from flask import Flask
from openapi_spec_validator import validate

from app.http.openapi import Problem
from community.requests.schemas import PublicRequestPage
from tests.people import RESIDENT, Caller, Person
from tests.requests_of import PLACE, file

NO_CONTENT = {"204", "304"}


def description(nobody: Caller) -> dict[str, Any]:
    found: dict[str, Any] | None = nobody.get("/openapi.json").json
    assert found is not None
    return found


def operations(nobody: Caller) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in description(nobody)["paths"].items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield f"{method.upper()} {path}", operation


def test_it_is_valid_openapi(nobody: Caller) -> None:
    validate(description(nobody))


def test_it_names_every_operation_of_the_product(app: Flask, nobody: Caller) -> None:
    described = {operation["operationId"] for _, operation in operations(nobody)}
    routed = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert described == {name for name in routed if not name.startswith("system.")}


def test_every_operation_has_its_refusals_and_an_example(nobody: Caller) -> None:
    for name, operation in operations(nobody):
        responses = operation["responses"]
        done = [status for status in responses if status < "400"]
        assert done, name
        for status in set(done) - NO_CONTENT:
            assert_shown(responses[status]["content"], f"{name} {status}")
        if "requestBody" in operation:
            assert_shown(operation["requestBody"]["content"], name)
        refused = [status for status in responses if status >= "400"]
        assert {"503"} < set(refused), name
        for status in refused:
            content = responses[status]["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert content["examples"], name


def assert_shown(content: dict[str, Any], name: str) -> None:
    """A value has an example; bytes say that they are bytes."""
    for media_type, each in content.items():
        if media_type == "application/json":
            assert each.get("example"), f"{name} has no example"
        elif media_type.endswith("json"):
            assert each["schema"] == {"type": "object"}, name
        else:
            assert each["schema"] == {"type": "string", "format": "binary"}, name


def test_every_example_has_the_documented_shape(nobody: Caller) -> None:
    schemas = description(nobody)["components"]["schemas"]
    for name, operation in operations(nobody):
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get("application/json")
            if status < "400" and content:
                shape = schemas[content["schema"]["$ref"].rsplit("/", 1)[-1]]
                assert set(shape["required"]) <= set(content["example"]), name


def test_a_page_made_without_objects_has_the_documented_shape(
    sign_in: Callable[[Person], Caller],
) -> None:
    resident = sign_in(RESIDENT)
    file(resident)
    lng, lat = PLACE
    answer = resident.get(f"/api/v1/requests?near={lng},{lat}&crs=wgs84")
    assert answer.json is not None
    assert len(answer.json["items"]) == 1
    assert_exact(PublicRequestPage(), answer.json)


def test_a_problem_has_the_documented_shape(nobody: Caller) -> None:
    answer = nobody.post("/api/v1/sessions", {"code": "1"})
    assert answer.mimetype == "application/problem+json"
    Problem().load(answer.json or {}, unknown=ma.EXCLUDE)


def assert_exact(shape: ma.Schema, value: dict[str, Any]) -> None:
    assert shape.validate(value) == {}
    assert set(value) == set(shape.fields)
    for item in value["items"]:
        assert set(item) == set(shape.fields["items"].inner.schema.fields)  # type: ignore[attr-defined]
