"""Asking for a right: a role for a time, or cover while somebody is away."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuids
from psycopg.errors import ExclusionViolation

from app import clock
from app.database import transaction, write
from app.errors import FieldFault, Invalid, NotFound, Words
from app.identity.staff import queries
from app.identity.staff.lifecycle import AREA, PLACES, Kind, longest_on
from app.identity.staff.refusals import NothingToCover, NotOneself
from app.policy import APART, Actor, Role, RoleRefused, RolesKeptApart, clash
from app.privacy import audit, vault

SUBJECT = "grant"
REASON = "added_grant.reason"

ASK = """
INSERT INTO added_grant (id, kind, account_id, role, area_code, department_code,
  covered_account_id, valid_from, valid_to, reason_sealed, state, asked_by, asked_at)
VALUES (%(id)s, %(kind)s, %(account)s, %(role)s, %(area_code)s, %(department_code)s,
  %(covered)s, %(from)s, %(to)s, %(reason)s, 'asked', %(me)s, %(now)s)
"""


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when; ``valid_to`` is the first day on which it does not count."""

    valid_from: date
    valid_to: date


def ask_grant(
    actor: Actor,
    staff: str,
    role: str,
    area_code: str | None,
    department_code: str | None,
    period: Period,
    reason: str,
) -> UUID:
    """Ask for a role for a member of staff; it counts once another has approved it.

    Raises:
        NotFound: the staff register has nobody by that key today.
        Invalid: the place is unknown or not of the role's kind, or the period is out of bounds.
        RolesKeptApart: the person would hold two of the three administrators' roles.
    """
    _check_period(period, Kind.GRANT)
    _check_place(Role(role), area_code, department_code)
    receiver = _member(staff)
    with transaction():
        refuse_clash(receiver, Role(role), period.valid_from, period.valid_to)
        where = {"role": role, "area_code": area_code, "department_code": department_code}
        return _write(actor, Kind.GRANT, receiver, None, where, period, reason)


def ask_cover(actor: Actor, staff: str, away: str | None, period: Period, reason: str) -> UUID:
    """Ask that a colleague covers somebody's roles while they are away: the caller's, or another's.

    Nobody lends a password: the colleague acts in their own account, and the audit names both.

    Raises:
        NotFound: the staff register has nobody by that key today.
        RoleRefused: only a security administrator asks for somebody else.
        NotOneself, NothingToCover
        Invalid: the period is out of bounds.
    """
    _check_period(period, Kind.COVER)
    if away is not None and Role.SECURITY_ADMINISTRATOR not in actor.roles:
        raise RoleRefused
    colleague = _member(staff)
    covered = actor.account_id if away is None else _member(away)
    if colleague == covered:
        raise NotOneself
    roles = queries.roles_then(covered, period.valid_from, period.valid_to)
    if not {Role(role) for role in roles} - APART:
        raise NothingToCover
    nowhere = {"role": None, "area_code": None, "department_code": None}
    with transaction():
        return _write(actor, Kind.COVER, colleague, covered, nowhere, period, reason)


def refuse_clash(account_id: UUID, role: Role, first: date, end: date) -> None:
    """Refuse a role that would make two administrators of one person.

    Raises:
        RolesKeptApart
    """
    held = queries.roles_then(account_id, first, end)
    if role in APART and clash({role, *(Role(each) for each in held)}):
        raise RolesKeptApart


def _write(
    actor: Actor,
    kind: Kind,
    receiver: UUID,
    covered: UUID | None,
    where: dict[str, Any],
    period: Period,
    reason: str,
) -> UUID:
    key = uuids.uuid7()
    about = where | {"id": key, "kind": kind, "account": receiver, "covered": covered}
    about |= {"from": period.valid_from, "to": period.valid_to, "me": actor.account_id}
    about |= {"reason": vault.seal(REASON, key, reason), "now": clock.now()}
    try:
        write(ASK, about)
    except ExclusionViolation as fault:  # somebody else asked at the same moment
        raise RolesKeptApart from fault
    facts = {"of": kind, "receiver": receiver, "covered": covered, **where}
    audit(actor.account_id, "grant-asked", SUBJECT, key, **facts)
    return key


def _member(sid: str) -> UUID:
    found = queries.member(sid, clock.today())
    if found is None:
        raise NotFound
    account: UUID = found.account_id
    return account


def _check_period(period: Period, kind: Kind) -> None:
    today = clock.today()
    latest = period.valid_from + timedelta(days=longest_on(today, kind))
    if not today <= period.valid_from < period.valid_to <= latest:
        words = Words("期限不在允许范围内", "The period is out of bounds")
        raise Invalid([FieldFault("/valid_to", "period", words)])


def _check_place(role: Role, area_code: str | None, department_code: str | None) -> None:
    given = {"area_code": area_code, "department_code": department_code}
    wanted = PLACES[role]
    for name, code in given.items():
        if (code is not None) != (name == wanted):
            words = Words("该角色的范围填写不正确", "The role counts in another kind of place")
            raise Invalid([FieldFault(f"/{name}", "place", words)])
    found = queries.place(given[wanted], clock.today())
    if not (found.area if wanted == AREA else found.department):
        words = Words("没有该区域或单位", "There is no such area or department")
        raise Invalid([FieldFault(f"/{wanted}", "unknown", words)])
