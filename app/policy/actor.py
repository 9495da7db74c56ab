"""Who is asking, as read from the database on this very request."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is to the district. ``ANYONE`` needs no sign-in."""

    ANYONE = "anyone"
    RESIDENT = "resident"  # 居民
    UNPROVED = "unproved"  # 待重新核验身份: signed in after a long absence, nothing proved yet
    GRID_WORKER = "grid_worker"  # 网格员
    DESK_CLERK = "desk_clerk"  # 社区窗口
    DEPARTMENT_HANDLER = "department_handler"  # 承办单位
    DISTRICT_STAFF = "district_staff"  # 区级工作人员
    SYNC_OPERATOR = "sync_operator"  # 数据同步
    AUDITOR = "auditor"  # 审计
    ADMINISTRATOR = "administrator"  # 系统管理
    SECURITY_ADMINISTRATOR = "security_administrator"  # 安全管理


STAFF_ROLES = tuple(
    role for role in Role if role not in (Role.ANYONE, Role.RESIDENT, Role.UNPROVED)
)
"""The roles that a grant may give."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role and where it counts: an area with all below it, or a department.

    ``covering`` is the account of the colleague who is away and whose grant it is; None: one's own.
    """

    role: Role
    area_code: str | None = None
    department_code: str | None = None
    covering: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person: the account, how well we know them, where they live and work.

    ``level`` is the real-name level: 1 phone, 2 matched to the population register, 3 network
    identity. ``suspended``: the phone lay idle so long that it may be somebody else's by now.
    ``area_path`` are the codes from the zone down to the home grid; empty until verified.
    ``enterprise_paths`` are those of the areas of the enterprises that they act for.
    ``reading_mark`` grows with whatever the account reads.
    ``proved_at`` is when this session last proved by a second factor who it is, ``proved_how`` by
    which: ``totp`` or ``phone``. ``has_totp``: an authenticator is enrolled.
    """

    account_id: UUID
    session_id: UUID
    level: int
    grants: tuple[Grant, ...] = ()
    resident_id: UUID | None = None
    household_id: UUID | None = None
    area_path: tuple[str, ...] = ()
    enterprise_paths: tuple[tuple[str, ...], ...] = ()
    reading_mark: int = 0
    suspended: bool = False
    proved_at: datetime | None = None
    proved_how: str | None = None
    has_totp: bool = False

    @property
    def covers(self) -> tuple[UUID, ...]:
        """Return the accounts of colleagues whom the actor stands in for today."""
        return tuple(dict.fromkeys(g.covering for g in self.grants if g.covering))

    @property
    def roles(self) -> frozenset[Role]:
        """Return every role held today, by anybody signed in at least RESIDENT.

        Whoever has to prove anew who they are holds none but UNPROVED until then.
        """
        if self.suspended:
            return frozenset({Role.UNPROVED})
        return frozenset({Role.RESIDENT, *(grant.role for grant in self.grants)})

    def areas_as(self, *roles: Role) -> tuple[str, ...]:
        """Return the areas in which the actor holds one of ``roles``."""
        return tuple(g.area_code for g in self.grants if g.role in roles and g.area_code)

    def departments_as(self, *roles: Role) -> tuple[str, ...]:
        """Return the departments for which the actor holds one of ``roles``."""
        return tuple(
            g.department_code for g in self.grants if g.role in roles and g.department_code
        )
