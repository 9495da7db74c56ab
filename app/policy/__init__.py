"""Who may do what: roles, the actor, and the one table that every operation stands in."""

from app.policy.actor import STAFF_ROLES, Actor, Grant, Role
from app.policy.separation import APART, RolesKeptApart, clash, kept_apart
from app.policy.step_up import FRESH, lacking
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
    "APART",
    "FRESH",
    "STAFF_ROLES",
    "Actor",
    "Grant",
    "OperationWithoutPolicy",
    "PolicyTable",
    "Role",
    "RoleRefused",
    "RolesKeptApart",
    "Row",
    "Rows",
    "Scope",
    "clash",
    "kept_apart",
    "lacking",
    "roles_with",
]
