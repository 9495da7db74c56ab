"""The one kind of blueprint: decorators on a route are its documentation."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import flask_smorest
import marshmallow as ma
import orjson
from flask import Response, request

from app.errors import Refusal
from app.http.reading import read_body, read_query
from app.http.shapes import Query

P = ParamSpec("P")
V = TypeVar("V", bound=Callable[..., Any])

JSON = "application/json"


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # the library is untyped
    """Routes of one subject.

    A route of it does nothing until the policy table has a row for it: see app/http/guard.py.
    """

    def get(self, rule: str, **options: Any) -> Callable[[V], V]:
        """Register a read."""
        return self._typed(rule, "GET", options)

    def post(self, rule: str, **options: Any) -> Callable[[V], V]:
        """Register a deed."""
        return self._typed(rule, "POST", options)

    def put(self, rule: str, **options: Any) -> Callable[[V], V]:
        """Register a deed on something that the caller has named: a repeat is the same deed."""
        return self._typed(rule, "PUT", options)

    def delete(self, rule: str, **options: Any) -> Callable[[V], V]:
        """Register an ending."""
        return self._typed(rule, "DELETE", options)

    def _typed(self, rule: str, method: str, options: dict[str, Any]) -> Callable[[V], V]:
        return cast(Callable[[V], V], self.route(rule, methods=[method], **options))

    @staticmethod
    def body(
        schema: type[ma.Schema], *, example: Mapping[str, object]
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Read the JSON body; the view gets it as ``body``. ``example`` is documented."""
        shape = schema()
        note = {"in": "json", "required": True, "schema": shape, "example": dict(example)}
        return _reading("body", lambda: read_body(shape), note)

    @staticmethod
    def query(schema: type[Query]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Read the query string; the view gets it as ``query``."""
        shape = schema()
        note = {"in": "query", "schema": shape}
        return _reading("query", lambda: read_query(shape), note)

    @staticmethod
    def content(*media_types: str, most: int) -> Callable[[V], Callable[..., Any]]:
        """Read the body as bytes, up to ``most``; the view gets it as ``content``.

        What the caller says of its type is documented and not believed.
        """
        binary = {"schema": {"type": "string", "format": "binary"}}
        note = {"required": True, "content": dict.fromkeys(media_types, binary)}

        def decorate(view: V) -> Callable[..., Any]:
            @wraps(view)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                return view(*args, **kwargs, content=request.get_data(cache=False))

            mark(wrapper, "requestBody", note)
            wrapper.body_limit = most  # type: ignore[attr-defined]  # the guard asks for it
            return wrapper

        return decorate

    @staticmethod
    def binary(*media_types: str) -> Callable[[V], V]:
        """Document that the view answers with bytes of one of these types."""
        binary = {"schema": {"type": "string", "format": "binary"}}

        def decorate(view: V) -> V:
            note = {
                "description": "",
                "content": {
                    kind: {"schema": {"type": "object"}} if kind.endswith("json") else binary
                    for kind in media_types
                },
            }
            mark(view, "responses", {200: note})
            return view

        return decorate

    @staticmethod
    def answer(
        status: int, schema: type[ma.Schema] | None = None, *, example: object = None
    ) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
        """Write the view's value as JSON; a ready ``Response`` of that shape passes as it is."""
        shape = schema() if schema else None
        note: dict[str, object] = {"description": "", "content_type": JSON}
        if shape is not None:
            note |= {"schema": shape, "example": example}

        def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
            @wraps(view)
            def wrapper(*args: Any, **kwargs: Any) -> Response:
                value = view(*args, **kwargs)
                if isinstance(value, Response):
                    return value
                value, headers = (
                    value if type(value) is tuple else (value, {})
                )  # a row is a tuple, too
                content = orjson.dumps(shape.dump(value)) if shape else b""
                response = Response(content, status, content_type=JSON)
                if shape is None:
                    del response.headers["Content-Type"]
                response.headers.update(headers)
                return response

            docs = _docs_of(wrapper)
            docs.setdefault("response", {}).setdefault("responses", {})[status] = [note]
            return wrapper

        return decorate

    @staticmethod
    def refuses(*kinds: type[Refusal]) -> Callable[[V], V]:
        """Document the named refusals of an operation; the general ones are known."""

        def decorate(view: V) -> V:
            mark(view, "x-refusals", [kind.slug for kind in kinds])
            return view

        return decorate


def mark(view: Callable[..., Any], name: str, value: object) -> None:
    """Write an extension into the documentation of a view."""
    _docs_of(view).setdefault("manual_doc", {})[name] = value


def _reading(
    name: str, read: Callable[[], Any], note: dict[str, object]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs, **{name: read()})

        docs = _docs_of(wrapper)
        docs.setdefault("arguments", {}).setdefault("parameters", []).append(note)
        return wrapper

    return decorate


def _docs_of(view: Callable[..., Any]) -> dict[str, Any]:
    # wraps() shares the wrapped view's dictionary; each wrapper documents on a copy of its own
    docs: dict[str, Any] = deepcopy(getattr(view, "_apidoc", {}))
    view._apidoc = docs  # type: ignore[attr-defined]
    return docs
