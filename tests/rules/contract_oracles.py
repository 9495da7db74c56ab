"""The published contract as others read it: frictionless and jsonschema, with the files alone."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import frictionless
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from app.sync import Stream
from tests.surroundings import ROOT

CONTRACTS = ROOT / "docs" / "contracts"
OF_MANY_ROWS = ("primaryKey", "uniqueKeys", "foreignKeys")
"""What a Table Schema says of rows together; a row by itself is not judged by it."""


def published(stream: Stream, form: str) -> dict[str, Any]:
    """Return a contract as the file of the repository has it."""
    return _read(f"{stream.name}.{form}.json")


@cache
def _read(name: str) -> dict[str, Any]:
    return dict(json.loads((CONTRACTS / name).read_text("utf-8")))


def json_faults(stream: Stream, record: Mapping[str, Any]) -> list[str]:
    """Return the places of what the JSON Schema has against a record, without its values."""
    schema = published(stream, "json-schema")
    return [each.json_path for each in Draft202012Validator(schema).iter_errors(record)]


def table_faults(stream: Stream, row: Mapping[str, str | None]) -> list[str]:
    """Return the fields of a row that the Table Schema has anything against, in its order."""
    descriptor = published(stream, "table-schema")
    alone = {name: value for name, value in descriptor.items() if name not in OF_MANY_ROWS}
    names = [field["name"] for field in alone["fields"]]
    data = [names, [row.get(name) or "" for name in names]]
    schema = frictionless.Schema.from_descriptor(alone)
    report = frictionless.Resource(data=data, schema=schema).validate()
    assert not report.errors
    found = [each for (each,) in report.flatten(["fieldName"])]
    return found if all(found) else names  # a row that is blank has a fault of none of its fields
