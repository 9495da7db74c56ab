"""The API's own description: every operation with who may call it, its refusals and an example."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Flask

from app.errors import every_refusal
from app.http.operations import complete
from app.http.shapes import CODE, Shape
from app.policy import PolicyTable

CODE_PARAMETER = {"type": "string", "pattern": f"^{CODE}$"}


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
    document: dict[str, Any] = deepcopy(api.spec.to_dict())
    document["info"]["description"] = description
    document["servers"] = [{"url": "/"}]
    document["components"].pop("responses", None)
    _drop_empty_defaults(document)
    _tell_what_may_be_null(document)
    kinds = {kind.slug: kind for kind in every_refusal()}
    endpoints = {
        (_described(rule.rule), method): rule.endpoint
        for rule in api._app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                endpoint = endpoints[path, method.upper()]
                row = table.row(endpoint, method.upper())
                complete(operation, endpoint, row, kinds, item.get("parameters", []))
    return document


def _drop_empty_defaults(node: Any) -> None:
    """Leave out ``default: null``: a parameter that is not given is not a null."""
    inner = node.values() if isinstance(node, dict) else node
    for each in list(inner):
        if isinstance(each, dict) and "type" in each and each.get("default", ...) is None:
            del each["default"]
        if isinstance(each, dict | list):
            _drop_empty_defaults(each)


def _tell_what_may_be_null(node: Any) -> None:
    """Say of what may be null that it is so, or as described: not that any object will do."""
    for each in _below(node):
        choices = each.get("anyOf", ())
        if {"type": "object", "nullable": True} in choices:
            each.pop("anyOf")
            each["nullable"] = True
            each["allOf"] = [choice for choice in choices if "$ref" in choice]


def _below(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a description."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from _below(each)


def _described(rule: str) -> str:
    """Turn the rule that Flask knows into the path that the description has."""
    return re.sub(r"<(?:[a-z]+(?:\([^)]*\))?:)?([a-z_]+)>", r"{\1}", rule)
