"""What the description of each operation says: who may call it, and every way it can refuse."""

from typing import Any

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
)
from app.http.problems import MEDIA_TYPE, status_of
from app.http.refusals import (
    BodyTooLarge,
    InFlight,
    KeyNeeded,
    KeyReused,
    LengthNeeded,
    MediaTypeRefused,
    StepUpNeeded,
)
from app.http.versions import TagRefused
from app.policy import Role, Row

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

SEEN_PARAMETER = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of your last read of this very address.",
    "schema": {"type": "string"},
    "example": '"9f2c1e7a5b3d8c6e4f0a1b2c"',
}


def complete(
    operation: dict[str, Any],
    endpoint: str,
    row: Row,
    kinds: dict[str, type[Refusal]],
    path_parameters: list[Any],
) -> None:
    """Fill in what the policy table, the decorators and the house know of an operation."""
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
    if operation.get("x-conditional"):
        parameters.append(SEEN_PARAMETER)
        operation["responses"]["304"] = {"description": "Nothing has changed since"}
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
        found += [TagRefused, Stale, VersionNeeded]
    if operation.get("x-step-up"):
        found += [StepUpNeeded]
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
