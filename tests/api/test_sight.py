"""The rule for one row and the rule for many agree, whoever asks."""

import uuid

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read, transaction, write
from app.policy import STAFF_ROLES, Actor, Grant, Role
from community.requests.policy import (
    ACTED_BY,
    HELD_BY,
    SEEN_BY,
    WORKED_BY,
    holds,
    may_see,
    may_work,
    seen_by,
)
from tests.people import RESIDENT, SECOND_WORKER, WORKER, Caller, Person, account_of, bearer
from tests.requests_of import file

ROWS = f"""
SELECT r.account_id, r.department_code, r.handled_by, r.helpers, r.against_account,
       r.against_department, {ACTED_BY} AS acting, a.path AS grid_path,
       r.claimed_by, {SEEN_BY} AS seen, {WORKED_BY} AS worked, {HELD_BY} IS TRUE AS held
FROM service_request r JOIN area a ON a.code = r.grid_code
"""
COMPLAIN = """
UPDATE service_request SET against_account = %(account)s, against_department = %(department)s,
  helpers = '{MKT,POL}', claimed_by = %(holder)s WHERE id = %(id)s
"""
STAFF = list(STAFF_ROLES)


def test_may_see_and_seen_by_agree(app: Flask) -> None:
    """Also of who is complained about, of departments that help, and of who covers whom."""
    resident = Caller(app, bearer(RESIDENT))
    stranger = account_of(Person("19999990003", verified=False))
    away = account_of(WORKER)
    for matter in ("RUBBISH", "HEAT-COLD"):
        for account, unit, holder in (
            (None, None, away),
            (stranger, None, None),
            (away, None, stranger),
            (None, "PUB", away),
            (None, "URB", None),
        ):
            key = file(resident, matter=matter)["request"]["id"]
            with transaction():
                values = {"id": key, "account": account, "department": unit, "holder": holder}
                write(COMPLAIN, values)
    areas = [row.code for row in read("SELECT code FROM area WHERE code LIKE 'DDHT-XQ-LT%%'")]
    departments = [row.code for row in read("SELECT code FROM department")]
    grants = st.builds(
        Grant,
        st.sampled_from(STAFF),
        st.none() | st.sampled_from(["DDHT", "DDHT-XQ", "DDHT-DG", "NOWHERE", *areas]),
        st.none() | st.sampled_from(departments),
        st.none() | st.sampled_from([away, account_of(SECOND_WORKER)]),
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(grants, max_size=3), st.booleans())
    def agree(held: list[Grant], is_filer: bool) -> None:
        account = account_of(RESIDENT) if is_filer else stranger
        actor = Actor(account, uuid.uuid4(), 1, tuple(held))
        rows = read(ROWS, seen_by(actor))
        assert len(rows) == 10
        for row in rows:
            assert row.seen == may_see(actor, row)
            assert row.worked == may_work(actor, row)
            assert row.held == holds(actor, row)

    agree()


def test_who_is_complained_about_sees_nothing_of_it_whatever_else_they_are(app: Flask) -> None:
    """Neither the department nor anybody of it, even where their area would show it to them."""
    key = file(Caller(app, bearer(RESIDENT)))["request"]["id"]
    with transaction():
        write(COMPLAIN, {"id": key, "account": None, "department": "URB", "holder": None})
    grants = (
        Grant(Role.DEPARTMENT_HANDLER, None, "URB"),
        Grant(Role.DISTRICT_STAFF, "DDHT"),
        Grant(Role.GRID_WORKER, "DDHT"),
    )
    account = account_of(Person("19999990004", verified=False))
    for held, expected in ((grants, False), (grants[1:], True)):
        actor = Actor(account, uuid.uuid4(), 1, held)
        (row,) = read(ROWS, seen_by(actor))
        assert (row.seen, row.worked) == (expected, expected)
        assert (may_see(actor, row), may_work(actor, row)) == (expected, expected)
