"""What a member of staff holds is asked by the program and by the wall: both find the same.

Grants are drawn at random and looked at from both sides: own and added, lent, asked for only,
revoked, over, not begun yet, of whoever has left the register, of accounts that are closed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import clock
from app.database import Kind, Sight, read, transaction, write
from app.identity.actors import standing
from app.policy import APART, Actor, Role
from tests.people import Person, account_of, bearer
from tests.wall.rows import seeing

COLLEAGUES = [Person(f"199999902{n:02d}", verified=False) for n in range(12)]
AREAS = ("DDHT", "DDHT-XQ", "DDHT-XQ-LT", "DDHT-DG-XX", "DDHT-DG", None)
ROLES = (*sorted(APART), Role.DESK_CLERK, Role.GRID_WORKER, Role.DISTRICT_STAFF)
STATES = ("standing",) * 5 + ("asked", "revoked", "refused")
DAYS = (-40, -1, 0, 1, 40)

REGISTERED = """
INSERT INTO staff_grant (staff_sid, role, account_id, name_sealed, area_code, valid_from, valid_to)
VALUES (%(sid)s, %(role)s, %(who)s, 'x', %(area)s, %(first)s, %(until)s) ON CONFLICT DO NOTHING
"""
ADDED = """
INSERT INTO added_grant (id, kind, account_id, role, area_code, covered_account_id, valid_from,
  valid_to, reason_sealed, state, asked_by, asked_at, decided_by)
VALUES (gen_random_uuid(), %(kind)s, %(who)s, %(role)s, %(area)s, %(away)s, %(first)s, %(until)s,
  'x', %(state)s, gen_random_uuid(), now(), gen_random_uuid()) ON CONFLICT DO NOTHING
"""
CLOSED = "UPDATE account SET status = 'disabled' WHERE id = ANY(%(closed)s)"
SEEN = "SELECT linli_areas() AS areas, linli_audits() AS audits"


@dataclass(frozen=True, slots=True)
class Held:
    """In which areas somebody's word counts, and whether they read the trail."""

    areas: frozenset[str]
    audits: bool


@pytest.fixture
def staff(app: Flask) -> Iterator[list[UUID]]:
    """Return colleagues without a grant, whose grants are gone afterwards."""
    yield [account_of(each) for each in COLLEAGUES]
    with transaction():
        write("DELETE FROM staff_grant WHERE staff_sid LIKE 'TRY-%%'")


def days(chance: random.Random) -> dict[str, Any]:
    first = clock.today() + timedelta(days=chance.choice(DAYS[:4]))
    return {"first": first, "until": first + timedelta(days=chance.choice((1, 2, 41, 60)))}


def hand_out(chance: random.Random, staff: list[UUID]) -> None:
    """Give and lend at random; one in five has no office, and one in six no open account."""
    with transaction():
        for n, who in enumerate(staff):
            for m in range(chance.choice((0, 1, 1, 2, 3))):
                own = {"sid": f"TRY-{n}-{m}", "who": who, **days(chance)}
                own |= {"role": chance.choice(ROLES), "area": chance.choice(AREAS)}
                own["until"] = chance.choice((own["until"], None))
                write(REGISTERED, own)
        for _ in range(3 * len(staff)):
            who, away = chance.sample(staff, 2)
            kind = chance.choice(("grant", "cover", "cover"))
            added = {"kind": kind, "who": who, "state": chance.choice(STATES), **days(chance)}
            lent = {"role": None, "area": None, "away": away}
            given = {"role": chance.choice(ROLES), "area": chance.choice(AREAS), "away": None}
            write(ADDED, added | (lent if kind == "cover" else given))
        write(CLOSED, {"closed": chance.sample(staff, len(staff) // 6)})


def by_the_program(sessions: list[UUID]) -> dict[UUID, Held]:
    """Return what is held by whoever is let in."""
    return {each.account_id: _held(each) for each in standing(sessions)}


def _held(actor: Actor) -> Held:
    counts = [each for each in actor.grants if each.role not in APART and each.area_code]
    areas = frozenset(str(each.area_code) for each in counts)
    return Held(areas, Role.AUDITOR in actor.roles)


def by_the_wall(who: UUID) -> Held:
    with transaction(), seeing(Sight(Kind.STAFF, who)):
        row = read(SEEN)[0]
    return Held(frozenset(row.areas), row.audits)


@pytest.mark.parametrize("seed", range(12))
def test_the_program_and_the_wall_find_the_same_of_everybody(staff: list[UUID], seed: int) -> None:
    for each in COLLEAGUES:
        bearer(each)
    sql = "SELECT id FROM sign_in_session WHERE account_id = ANY(%(staff)s)"
    sessions = [row.id for row in read(sql, {"staff": staff})]
    hand_out(random.Random(seed), staff)
    found = by_the_program(sessions)
    assert len(found) == len(staff) - len(staff) // 6
    assert {who: by_the_wall(who) for who in found} == found
    several = set(found.values())
    assert {True, False} == {bool(each.areas) for each in several}, "some hold something"
