"""Who is named is meant by name: no audience tells of them what else they are."""

from typing import Any

import pytest

from app.database import read
from tests.notices_of import NEW, PATH, Client, codes, draft, publish, take, titles
from tests.people import RESIDENT, STAFF

SOMEBODY = "SELECT r.id FROM resident r WHERE r.sid = 'R00000001'"
THEIR_HOME = """
SELECT h.id FROM household h JOIN resident r ON r.household_sid = h.sid WHERE r.sid = 'R00000001'
"""
SIX = "SELECT id FROM resident ORDER BY sid LIMIT 6"
NAMED = [("residents", SOMEBODY), ("households", THEIR_HOME), ("residents", SIX)]
TRAITS = [
    {"people": ["elders"]},
    {"people": ["tenants", "owners"]},
    {"people": [], "matters": ["RUBBISH"]},
    {"people": ["elders"], "areas": ["DDHT-XQ"]},
]


def named(kind: str, sql: str) -> dict[str, Any]:
    return {kind: [str(row.id) for row in read(sql)]}


@pytest.mark.parametrize("trait", TRAITS)
@pytest.mark.parametrize(("kind", "sql"), NAMED, ids=["a person", "a household", "six persons"])
def test_nobody_is_named_to_find_out_what_they_are(
    sign_in: Client, kind: str, sql: str, trait: dict[str, Any]
) -> None:
    """Whether it reaches anybody would tell: an elder, who rents, who has filed such a case.

    Of however many: beside four who are known not to be, the fifth would be told.
    """
    audience, staff = named(kind, sql) | trait, sign_in(STAFF)
    for answer in (
        staff.post(PATH, {**NEW, "audience": audience}),
        take(staff, draft(sign_in), "versions", {**NEW, "audience": audience}),
    ):
        assert (answer.status_code, codes(answer)) == (422, {"/audience/people": "named"})


def test_who_is_named_is_reached_whatever_else_is_said(sign_in: Client) -> None:
    audience = named("residents", SOMEBODY)
    for more in ({}, {"people": ["all"]}, {"people": ["workers", "all"], "matters": ["RUBBISH"]}):
        publish(sign_in, audience=audience | more)
    assert titles(sign_in(RESIDENT)) == ["停水通知"] * 3
