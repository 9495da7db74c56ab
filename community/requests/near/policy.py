"""Who may look at requests by place."""

from app.policy import Role, Rows, Scope
from community.requests.policy import HANDLERS, READERS

STAFF: dict[Role, Scope] = {role: scope for role, scope in READERS.items() if role != Role.RESIDENT}

POLICY: Rows = {
    ("requests.list_near", "GET"): {Role.RESIDENT: Scope.ALL},  # the public view
    ("requests.list_clusters", "GET"): {Role.RESIDENT: Scope.ALL},  # of the public view
    ("requests.list_around", "GET"): STAFF,
    ("requests.list_changes", "GET"): HANDLERS,
}
