"""Who may do what: roles, the actor, and the one table that every operation stands in."""

from app.policy.actor import Actor, Grant, Role
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
