"""One table for the whole product: (operation, method) -> {role: scope}.

An operation without a row is refused, so what somebody forgot stays closed.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from app.errors import Forbidden, Unauthenticated, Words
from app.policy.actor import Actor, Role


class Scope(StrEnum):
    """Whose things a role may reach through an operation."""

    PUBLIC = "public"
    SELF = "self"
    HOUSEHOLD = "household"
    MANDATE = "mandate"
    ASSIGNED = "assigned"
    AREA = "area"
    DEPARTMENT = "department"
    ALL = "all"


Row = Mapping[Role, Scope]
Rows = Mapping[tuple[str, str], Row]


def roles_with(row: Row, scope: Scope) -> tuple[Role, ...]:
    """Return the roles that have ``scope`` in a row: what a feature's own rules are made of."""
    return tuple(role for role, given in row.items() if given == scope)


class OperationWithoutPolicy(Forbidden):
    """The operation stands in no row of the policy table, and so it is closed to everybody.

    This is a fault of the installation, not of the caller: tell the operator.
    """

    slug = "operation-without-policy"
    title = Words("该接口尚未开放", "This operation is closed")


class RoleRefused(Forbidden):
    """None of the caller's roles is allowed this operation."""

    slug = "role-not-allowed"
    title = Words("您的角色不能办理此操作", "Your role does not allow this")


class PolicyTable:
    """All rows of all features."""

    def __init__(self, parts: Iterable[Rows]) -> None:
        rows: dict[tuple[str, str], Row] = {}
        for part in parts:
            twice = rows.keys() & part.keys()
            if twice:
                raise ValueError(f"two rows for one operation: {sorted(twice)}")
            rows.update(part)
        self.rows: Rows = rows

    def row(self, operation: str, method: str) -> Row:
        """Return the row of an operation; HEAD is judged as GET.

        Raises:
            OperationWithoutPolicy: there is none.
        """
        row = self.rows.get((operation, "GET" if method == "HEAD" else method))
        if row is None:
            raise OperationWithoutPolicy
        return row

    @staticmethod
    def decide(row: Row, actor: Actor | None) -> None:
        """Let a caller pass who has a role of the row; which rows of a table, its scopes say.

        Raises:
            Unauthenticated: the row is not for everybody and nobody is signed in.
            RoleRefused: none of the caller's roles stands in the row.
        """
        if Role.ANYONE in row:
            return
        if actor is None:
            raise Unauthenticated
        if actor.roles.isdisjoint(row):
            raise RoleRefused
