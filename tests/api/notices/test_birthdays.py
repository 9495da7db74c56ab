"""On a birthday somebody becomes an elder, or has no guardian any more: audiences move with it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app import clock
from app.database import read
from app.identity.ages import class_of
from app.identity.numbers import age_on, parse_number
from app.privacy import vault
from tests.api.notices.test_audience import publish_to, reached_by, staff_actor
from tests.notices_of import age_everybody

PEOPLE = """
SELECT r.id, r.sid, r.household_sid, r.relation, r.id_number_sealed FROM resident r ORDER BY r.sid
"""


class Someone:
    """A resident with the day of birth, which only this test opens."""

    def __init__(self, row: Any) -> None:
        self.id: UUID = row.id
        self.home, self.relation = row.household_sid, row.relation
        number = vault.open("resident.id_number", row.sid, bytes(row.id_number_sealed))
        self.born: date = parse_number(number, clock.today()).born

    def age(self, day: date) -> int:
        return age_on(self.born, day)

    def turns(self, years: int) -> date:
        return date(self.born.year + years, self.born.month, min(self.born.day, 28))


@pytest.fixture
def everybody(app: Flask) -> list[Someone]:
    age_everybody()
    return [Someone(row) for row in read(PEOPLE)]


def on(day: date, patch: pytest.MonkeyPatch) -> None:
    """Let it be a day, and the worker look who has grown older."""
    patch.setattr(clock, "today", lambda: day)
    age_everybody()


def test_who_turns_sixty_is_an_elder_from_that_day(
    everybody: list[Someone], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    someone = next(each for each in everybody if each.age(today) == 59 and each.born.day <= 28)
    notice = publish_to(staff_actor(), {"areas": ["DDHT"], "people": ["elders"]})
    assert someone.id not in reached_by(notice)
    birthday = someone.turns(60)
    on(birthday.replace(day=birthday.day - 1) if birthday.day > 1 else today, monkeypatch)
    assert someone.id not in reached_by(notice), "not a day too early"
    on(birthday, monkeypatch)
    reached = reached_by(notice)
    assert someone.id in reached
    assert reached == {each.id for each in everybody if class_of(each.age(birthday)) == "elder"}


def test_who_turns_fourteen_and_eighteen_takes_the_guardian_with_them(
    everybody: list[Someone], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()
    homes: dict[str, list[Someone]] = {}
    for each in everybody:
        homes.setdefault(each.home, []).append(each)
    child, head = next(
        (young[0], head)
        for people in homes.values()
        if len(young := [p for p in people if p.relation == "child" and p.age(today) < 18]) == 1
        and young[0].age(today) == 13
        and young[0].born.day <= 28
        and (head := next((p for p in people if p.relation == "head"), None))
    )
    children, minors = (
        publish_to(staff_actor(), {"areas": ["DDHT"], "people": [who]})
        for who in ("guardians_of_children", "guardians_of_minors")
    )
    assert head.id in reached_by(children) & reached_by(minors)
    assert child.id not in reached_by(minors)
    on(child.turns(14), monkeypatch)
    assert head.id not in reached_by(children)
    assert head.id in reached_by(minors)
    on(child.turns(18), monkeypatch)
    assert head.id not in reached_by(minors)
