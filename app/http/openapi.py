"""The API's own description: every operation with who may call it, its refusals and an example."""

from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Flask

from app.errors import (
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    Stale,
    TooMany,
    Unauthenticated,
    Unavailable,
    VersionNeeded,
    every_refusal,
)
from app.http.problems import MEDIA_TYPE, status_of
from app.http.refusals import (
    BodyTooLarge,
    InFlight,
    KeyNeeded,
    KeyReused,
    LengthNeeded,
    MediaTypeRefused,
)
from app.http.shapes import CODE, Shape
from app.policy import PolicyTable, Role, Row

KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Drawn fresh by the caller; the same again for a repeat.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,128}$"},
    "example": "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001",
}
VERSION_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of your last read.",
    "schema": {"type": "string", "pattern": '^"v[0-9]{1,9}"$'},
    "example": '"v1"',
}


class FaultShape(Shape):
    """One field that is not right."""

    pointer = ma.fields.String(required=True, metadata={"description": "JSON pointer"})
    code = ma.fields.String(required=True)
    detail = ma.fields.String(required=True)


class Problem(ma.Schema):
    """A refusal, after RFC 9457. Further members depend on ``type``: see docs/problems.md."""

    class Meta:
        """Describe the facts of some problems as what they are: members beyond these."""

        unknown = ma.INCLUDE

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    instance = ma.fields.String(required=True)
    errors = ma.fields.List(ma.fields.Nested(FaultShape))


class Api(flask_smorest.Api):  # type: ignore[misc]  # the library is untyped
    """The library's registry, without its error handlers: problems are written in one place."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Leave errors to app/http/problems.py."""


def configure_api(app: Flask, version: str) -> Api:
    """Make the registry that blueprints are added to."""
    app.config.update(
        API_TITLE="Linli 邻里",
        API_VERSION=version,
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=None,
    )
    api = Api(app)
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    api.spec.components.security_scheme("bearer", bearer)
    return api


def describe(api: Api, table: PolicyTable, description: str) -> dict[str, Any]:
    """Return the finished document."""
    document: dict[str, Any] = api.spec.to_dict()
    document["info"]["description"] = description
    document["servers"] = [{"url": "/"}]
    document["components"].pop("responses", None)
    _drop_empty_defaults(document)
    kinds = {kind.slug: kind for kind in every_refusal()}
    endpoints = {
        (rule.rule, method): rule.endpoint
        for rule in api._app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                endpoint = endpoints[_rule(path), method.upper()]
                row = table.row(endpoint, method.upper())
                _complete(operation, endpoint, row, kinds, item.get("parameters", []))
    return document


def _drop_empty_defaults(node: Any) -> None:
    """Leave out ``default: null``: a parameter that is not given is not a null."""
    inner = node.values() if isinstance(node, dict) else node
    for each in list(inner):
        if isinstance(each, dict) and "type" in each and each.get("default", ...) is None:
            del each["default"]
        if isinstance(each, dict | list):
            _drop_empty_defaults(each)


def _rule(path: str) -> str:
    """Turn ``/x/{code}`` back into the rule that Flask knows, by the kind that its name implies."""
    for name, kind in (("id", "uuid"), ("code", "code")):
        path = path.replace(f"{{{name}}}", f"<{kind}:{name}>")
    return path


def _complete(
    operation: dict[str, Any],
    endpoint: str,
    row: Row,
    kinds: dict[str, type[Refusal]],
    path_parameters: list[Any],
) -> None:
    operation["operationId"] = endpoint
    operation["summary"] = operation["summary"].replace("`", "")
    operation["x-policy"] = {str(role): str(scope) for role, scope in row.items()}
    needs_token = Role.ANYONE not in row
    operation["security"] = [{"bearer": []}] if needs_token else [{}]
    parameters = operation.setdefault("parameters", [])
    if operation.get("x-idempotent"):
        parameters.append(KEY_PARAMETER)
    if operation.get("x-versioned"):
        parameters.append(VERSION_PARAMETER)
    general = _general(operation, needs_token, bool(parameters or path_parameters))
    named = [kinds[slug] for slug in operation.pop("x-refusals", [])]
    responses = operation["responses"]
    responses.pop("default", None)  # every refusal is named below
    for status, response in responses.items():
        response["description"] = response.get("description") or f"Done ({status})"
    by_status: dict[int, list[type[Refusal]]] = {}
    for kind in [*named, *(k for k in general if k not in named)]:
        by_status.setdefault(status_of(kind), []).append(kind)
    for status, those in sorted(by_status.items()):
        responses[str(status)] = _refused(those)


def _general(
    operation: dict[str, Any], needs_token: bool, has_parameters: bool
) -> list[type[Refusal]]:
    found: list[type[Refusal]] = [LengthNeeded, BodyTooLarge, Unavailable]
    if needs_token:
        found += [Unauthenticated, Forbidden]
    if has_parameters:
        found += [Malformed, NotFound, Invalid]
    if "requestBody" in operation:
        found += [Malformed, MediaTypeRefused, Invalid]
    if operation.get("x-idempotent"):
        found += [KeyNeeded, KeyReused, InFlight, Conflict]
    if operation.get("x-versioned"):
        found += [Stale, VersionNeeded]
    if operation.get("x-limited"):
        found += [TooMany]
    return list(dict.fromkeys(found))


def _refused(kinds: list[type[Refusal]]) -> dict[str, Any]:
    examples = {
        kind.slug: {
            "summary": kind.title.zh,
            "value": {
                "type": f"urn:linli:problem:{kind.slug}",
                "title": kind.title.en,
                "status": status_of(kind),
                "instance": "urn:linli:request:018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001",
            },
        }
        for kind in kinds
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    return {
        "description": "; ".join(kind.title.en for kind in kinds),
        "content": {MEDIA_TYPE: content},
    }


CODE_PARAMETER = {"type": "string", "pattern": f"^{CODE}$"}
