"""What somebody is stays the same where only what is theirs is seen."""

from flask import Flask

from app.database import Kind, Sight, read, transaction
from app.identity.guardianship import STANDS
from notices.audience.people import OF_RESIDENT
from tests.notices_of import age_everybody
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
