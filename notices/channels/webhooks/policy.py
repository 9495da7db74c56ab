"""Whose endpoints they are, for one and for many: those of staff's own areas."""

from typing import Any

from app.policy import Actor, Role, Rows, Scope, roles_with

STAFF = {Role.DISTRICT_STAFF: Scope.AREA}

POLICY: Rows = {
    ("webhooks.register_endpoint", "POST"): STAFF,
    ("webhooks.list_endpoints", "GET"): STAFF,
    ("webhooks.show_endpoint", "GET"): STAFF,
    ("webhooks.rotate_secret", "POST"): STAFF,
    ("webhooks.stop_endpoint", "DELETE"): STAFF,
}

ENDPOINT_SEEN_BY = "own.path && %(my_areas)s::text[]"
"""SQL over ``own``, the endpoint's area."""


def seen_by(actor: Actor) -> dict[str, Any]:
    """Return the parameters of ``ENDPOINT_SEEN_BY``."""
    return {"my_areas": list(actor.areas_as(*roles_with(STAFF, Scope.AREA)))}


def may_have(actor: Actor, path: list[str]) -> bool:
    """Tell whether endpoints of the area with this path are the actor's."""
    return not set(path).isdisjoint(actor.areas_as(*roles_with(STAFF, Scope.AREA)))
