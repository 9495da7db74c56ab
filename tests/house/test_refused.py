"""Whatever way an operation can refuse stands in its description."""

from collections.abc import Iterator
from typing import Any

from flask import Flask

from app.errors import Refusal
from app.rights.refusals import FieldNotForRole
from tests.house.reached import reached_from

UNREACHED = {
    ("files.upload_document", "image-refused"): "what is kept is judged by its kind",
    ("files.upload_photo", "document-refused"): "what is kept is judged by its kind",
    ("real_name.verify_me", "level-needed"): "who was just matched has the level for sharing",
}
"""Refusals beneath an operation that it never comes to, and why."""


def described(app: Flask) -> Iterator[tuple[str, set[str]]]:
    """Yield each operation and the slugs of the problems that its description names."""
    for item in app.extensions["linli.description"]()["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                yield operation["operationId"], set(named_in(operation["responses"]))


def named_in(responses: dict[str, Any]) -> Iterator[str]:
    for status, response in responses.items():
        if status >= "400":
            yield from response["content"]["application/problem+json"]["examples"]


def refused_by(view: Any) -> set[str]:
    """Return the slugs of all refusals that a way leads to."""
    return {
        each.slug
        for each in reached_from(view)
        if isinstance(each, type) and issubclass(each, Refusal) and each is not Refusal
    }


def test_every_way_to_refuse_is_described(app: Flask) -> None:
    silent = {
        (operation, slug)
        for operation, named in described(app)
        for slug in refused_by(app.view_functions[operation]) - named
    }
    assert not silent - set(UNREACHED), "these may be answered, and the description has them not"
    assert not set(UNREACHED) - silent, "what is described needs no excuse"


def test_a_refusal_deep_below_a_view_is_seen(app: Flask) -> None:
    found = refused_by(app.view_functions["rights.reveal_field"])
    assert {FieldNotForRole.slug, "not-found"} <= found
    assert FieldNotForRole.slug not in refused_by(app.view_functions["rights.show_data"])
