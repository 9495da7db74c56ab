"""The contract as others read it: Table Schema (frictionlessdata.io) and JSON Schema (2020-12)."""

import json
from collections.abc import Callable
from typing import Any

from app.sync.contract.kinds import Kind
from app.sync.contract.stream import SID, VERSION, Stream

NOTES = {
    "sid": "The source's own key: stable, never reused, never an identity number.",
    "ver": "Grows with each change of the record.",
    "op": "U (there) or D (deleted); U if left out. A deleted record needs sid and ver only.",
}

THERE = {"not": {"type": "null"}, "minLength": 1}
"""Nothing and an empty text are the same: what is required is neither."""

SPELT = {
    "integer": "-?[0-9]{1,19}",
    "number": r"-?[0-9]{1,12}(?:\.[0-9]{1,15})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
"""How values of these types stand in a text."""

STRUCTURES = {"outline": ["object"], "weekly_hours": ["object"], "document": ["object", "array"]}
"""What of JSON a kind may be, beside a text of it."""


def table_schema(stream: Stream) -> dict[str, Any]:
    """Return the stream as a Table Schema, for files of rows."""
    fields = [
        _field("sid", SID, True, "internal"),
        _field("ver", VERSION, True, "internal"),
        {
            "name": "op",
            "type": "string",
            "constraints": {"required": False, "enum": ["U", "D"]},
            "description": NOTES["op"],
        },
        *(_field(f.name, f.kind, f.required, str(f.pii)) for f in stream.fields),
    ]
    foreign = [
        {"fields": [need.field], "reference": {"resource": need.stream, "fields": [need.to]}}
        for need in stream.needs
    ]
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": stream.name,
        "fields": fields,
        "primaryKey": ["sid"],
        "missingValues": [""],
    }
    if stream.unique:
        schema["uniqueKeys"] = [[stream.unique]]
    return schema | ({"foreignKeys": foreign} if foreign else {})


def json_schema(stream: Stream) -> dict[str, Any]:
    """Return the stream as a JSON Schema, for records in JSON.

    Every value may be a text; a number may be one of JSON, and a document stand there as it is.
    """
    named = [("sid", SID), ("ver", VERSION), *((f.name, f.kind) for f in stream.fields)]
    properties: dict[str, Any] = {name: _property(kind) for name, kind in named}
    properties["op"] = {"enum": ["U", "D"], "default": "U", "description": NOTES["op"]}
    for name in ("sid", "ver"):
        properties[name] |= {"description": NOTES[name], **THERE}
    required = [f.name for f in stream.fields if f.required]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:linli:stream:{stream.name}",
        "title": stream.name,
        "type": "object",
        "properties": properties,
        "required": ["sid", "ver"],
        "if": {"properties": {"op": {"const": "D"}}, "required": ["op"]},
        "else": {"required": required, "properties": dict.fromkeys(required, THERE)},
    }


FORMS: dict[str, Callable[[Stream], dict[str, Any]]] = {
    "table-schema": table_schema,
    "json-schema": json_schema,
}


def contract_text(stream: Stream, form: str) -> str:
    """Return the contract of a stream as a file, in one of ``FORMS``."""
    return json.dumps(FORMS[form](stream), ensure_ascii=False, indent=2) + "\n"


def _field(name: str, kind: Kind, required: bool, pii: str) -> dict[str, Any]:
    described = dict(kind.described)
    bounds: Any = described.pop("constraints", {})
    found = {"name": name, **described, "constraints": {"required": required, **bounds}}
    if name in NOTES:
        found["description"] = NOTES[name]
    return found | {"x-kind": kind.name, "x-pii": pii}


def _property(kind: Kind) -> dict[str, Any]:
    bounds: Any = kind.described.get("constraints", {})
    form = str(kind.described["type"])
    types = [form] if form in ("integer", "number") else STRUCTURES.get(kind.name, [])
    inner: Any = kind.described.get("x-schema", {})
    found: dict[str, Any] = {"type": [*types, "string", "null"], "x-kind": kind.name, **inner}
    for name in ("maxLength", "minLength", "minimum", "maximum"):
        if name in bounds:
            found[name] = bounds[name]
    if "enum" in bounds:
        found["enum"] = [*bounds["enum"], "", None]
    if pattern := bounds.get("pattern", SPELT.get(form)):
        found["pattern"] = f"^(?:{pattern})?$"
    return found
