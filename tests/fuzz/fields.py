"""Which fields the description gives each operation, as a problem points at them."""

from collections.abc import Iterator
from typing import Any

DEEP = 3
Described = dict[str, Any]


def fields_by_operation(description: Described) -> dict[str, set[str]]:
    """Return the pointers of the query and of the body, by operation id."""
    return {
        operation["operationId"]: {
            *(f"/{each['name']}" for each in _parameters(description, path, operation)),
            *_of_body(description, operation),
        }
        for path in description["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and "operationId" in operation
    }


def _parameters(description: Described, path: Described, operation: Described) -> list[Described]:
    listed = [*path.get("parameters", ()), *operation.get("parameters", ())]
    return [found for each in listed if (found := _of(description, each))["in"] == "query"]


def _of_body(description: Described, operation: Described) -> Iterator[str]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _named(description, content.get("schema", {}), "", DEEP)


def _named(description: Described, schema: Described, above: str, deep: int) -> Iterator[str]:
    schema = _of(description, schema)
    for joined in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(joined, ()):
            yield from _named(description, part, above, deep)
    if deep:
        for name, field in schema.get("properties", {}).items():
            yield f"{above}/{name}"
            yield from _named(description, field, f"{above}/{name}", deep - 1)


def _of(description: Described, found: Described) -> Described:
    """Return what is meant, where something is only referred to."""
    while "$ref" in found:
        names = found["$ref"].removeprefix("#/").split("/")
        found = description
        for name in names:
            found = found[name]
    return found
