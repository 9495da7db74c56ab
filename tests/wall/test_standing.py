"""What somebody is stays the same where only what is theirs is seen."""

from datetime import date, timedelta
from typing import Any

from flask import Flask

from app import clock
from app.database import Kind, Sight, read, transaction, write
from app.identity.actors import ACTORS
from app.identity.enterprises import ACTING
from app.identity.guardianship import STANDS
from notices.audience.people import OF_RESIDENT
from tests.notices_of import age_everybody
from tests.people import NEWCOMER, account_of, bearer
from tests.wall.rows import seeing

SOME = """
SELECT r.id FROM resident r WHERE r.household_sid IN (
  SELECT c.household_sid FROM resident c WHERE c.age_class IN ('child', 'minor')
  ORDER BY c.household_sid LIMIT 40)
"""
IS = f"""
SELECT {OF_RESIDENT} AS people FROM resident r JOIN household h ON h.sid = r.household_sid
WHERE r.id = %(id)s
"""
FIRM = {"sid": "TRY-FIRM", "area": "DDHT"}
FOUND = """
INSERT INTO enterprise (sid, credit_code, name, area_code, contact_account_id, status, valid_from,
  valid_to)
VALUES (%(sid)s, %(sid)s, 'x', %(area)s, %(contact)s, %(status)s, %(begun)s, %(over)s)
"""
FINDS = f"{ACTORS} AND account_id = %(contact)s"


def test_guardians_are_guardians_in_their_own_sight(app: Flask) -> None:
    """A notice for guardians of children stands in the inbox of whoever heads their household."""
    age_everybody()
    several = set()
    with transaction():
        for row in read(SOME):
            whole = read(IS, {"id": row.id})
            with seeing(Sight(Kind.RESIDENT, None, row.id)):
                assert read(IS, {"id": row.id}) == whole
            several.add(whole[0].people)
    assert len(several) > 3


def test_whose_guardian_somebody_is_is_one_rule_of_the_program_and_the_wall(app: Flask) -> None:
    sql = "SELECT pg_get_functiondef('linli_represents(uuid)'::regprocedure) AS words"
    wall = " ".join(read(sql)[0].words.split())
    rule = " ".join(STANDS.split()).removeprefix("(").removesuffix(")")
    assert rule in wall


def test_an_enterprise_does_business_by_one_rule_of_the_program_and_the_window(
    app: Flask,
) -> None:
    """Who is told the notices of an enterprise finds them in the inbox, and on the same days."""
    contact = account_of(NEWCOMER)
    bearer(NEWCOMER)
    acted = set()
    for status in ("active", "suspended", "revoked", "closed"):
        for begun in (-1, 0, 1):
            for over in (None, 0, 1):
                days = {"begun": days_from_now(begun), "over": days_from_now(over)}
                told, finds = asked_of(FIRM | days | {"status": status, "contact": contact})
                assert told == finds, (status, begun, over)
                acted.add(told)
    assert acted == {True, False}


def asked_of(firm: dict[str, Any]) -> tuple[bool, bool]:
    """Tell whether the contact of an enterprise acts for it, by the program and by the window."""
    with transaction():
        write(FOUND, firm)
        told = read(f"SELECT FROM ({ACTING}) a WHERE account_id = %(contact)s", firm)
        (finds, *_) = read(FINDS, firm | {"now": clock.now(), "today": clock.today()})
        write("DELETE FROM enterprise WHERE sid = %(sid)s", firm)
    return bool(told), finds.enterprise_paths is not None


def days_from_now(days: int | None) -> date | None:
    """Return the day so many days from today in the district."""
    return None if days is None else clock.today() + timedelta(days)
