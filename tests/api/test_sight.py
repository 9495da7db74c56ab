"""The rule for one row and the rule for many agree, whoever asks."""

import uuid

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.database import read
from app.policy import Actor, Grant, Role
from community.requests.policy import SEEN_BY, WORKED_BY, may_see, may_work, seen_by
from tests.people import RESIDENT, Caller, Person, account_of, bearer
from tests.requests_of import file

ROWS = f"""
SELECT r.account_id, r.department_code, r.handled_by, a.path AS grid_path,
       {SEEN_BY} AS seen, {WORKED_BY} AS worked
FROM service_request r JOIN area a ON a.code = r.grid_code
"""
STAFF = [role for role in Role if role not in (Role.ANYONE, Role.RESIDENT)]


def test_may_see_and_seen_by_agree(app: Flask) -> None:
    resident = Caller(app, bearer(RESIDENT))
    for matter in ("RUBBISH", "HEAT-COLD"):
        file(resident, matter=matter)
    stranger = account_of(Person("19999990003", verified=False))
    areas = [row.code for row in read("SELECT code FROM area WHERE code LIKE 'DDHT-XQ-LT%%'")]
    departments = [row.code for row in read("SELECT code FROM department")]
    grants = st.builds(
        Grant,
        st.sampled_from(STAFF),
        st.none() | st.sampled_from(["DDHT", "DDHT-XQ", "DDHT-DG", "NOWHERE", *areas]),
        st.none() | st.sampled_from(departments),
    )

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(grants, max_size=3), st.booleans())
    def agree(held: list[Grant], is_filer: bool) -> None:
        account = account_of(RESIDENT) if is_filer else stranger
        actor = Actor(account, uuid.uuid4(), 1, tuple(held))
        rows = read(ROWS, seen_by(actor))
        assert len(rows) == 2
        for row in rows:
            assert row.seen == may_see(actor, row)
            assert row.worked == may_work(actor, row)

    agree()
