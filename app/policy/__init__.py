"""Who may do what: roles, the actor, and the one table that every operation stands in."""

from app.policy.actor import STAFF_ROLES, Actor, Grant, Role
from app.policy.table import (
    OperationWithoutPolicy,
    PolicyTable,
    RoleRefused,
    Row,
    Rows,
    Scope,
    roles_with,
)

__all__ = [
    "STAFF_ROLES",
    "Actor",
    "Grant",
    "OperationWithoutPolicy",
    "PolicyTable",
    "Role",
    "RoleRefused",
    "Row",
    "Rows",
    "Scope",
    "roles_with",
]
