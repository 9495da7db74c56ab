"""Whose field is whose: what the platform owns it edits, what the district owns it asks for."""

import uuid
from contextlib import nullcontext
from typing import Any

import pytest

from app.corrections.refusals import AlreadyRight, CorrectionAsked
from app.corrections.service import ask, forget
from app.corrections.sweeps import correction_sweeps
from app.database import read, transaction, write
from app.errors import NotFound
from app.policy import Actor
from tests.exchange.crash.records import SOURCE, address, area, household, resident
from tests.exchange.crash.standing import touched
from tests.exchange.crash.world import World

FORGETS = (forget,)
"""What the product does with its own when somebody is erased here."""

LASTING = 6
"""A resident whom no list leaves out and nobody erases; they live in a household of their own."""

SHOWN = "SELECT id, relation, age_class FROM resident WHERE sid = %(sid)s"
CLASS = "UPDATE resident SET age_class = %(class)s WHERE sid = %(sid)s RETURNING id"
CLASSED = "SELECT id, sid, age_class FROM resident WHERE id = ANY(%(ids)s)"
SAYS = """
SELECT relation FROM src_residents
WHERE source = %(source)s AND sid = %(sid)s AND deleted_at IS NULL
"""
TICKETS = "SELECT id, state FROM correction WHERE source = %(source)s"
TOLD = """
SELECT subject_id, count(*)::int AS times FROM outbox WHERE kind = 'correction-asked'
  AND subject_id = ANY(%(keys)s) GROUP BY 1
"""
ACCOUNT = "INSERT INTO account (phone_index) VALUES (%(phone)s) RETURNING id"
LINK = """
WITH r AS (SELECT id FROM resident WHERE sid = %(sid)s)
UPDATE account a SET resident_id = r.id, level = 2 FROM r WHERE a.id = %(account)s
RETURNING resident_id
"""
LINKED = """
SELECT a.level, a.resident_id, r.sid FROM account a LEFT JOIN resident r ON r.id = a.resident_id
WHERE a.id = %(account)s
"""
FORGET = """
DELETE FROM outbox WHERE subject_id IN (SELECT id FROM correction WHERE source = %(source)s)
"""


class Platform:
    """What the platform does beside the exchange, and what must be left of it.

    ``classed``: by the product's own key, whose age class was noted; ``asked``: the tickets.
    """

    def __init__(self, world: World) -> None:
        self.world, self.streams = world, world.streams
        with transaction():
            ((self.account,),) = write(ACCOUNT, {"phone": uuid.uuid4().bytes})
        self.actor = Actor(self.account, uuid.uuid4(), 1)
        self.linked: uuid.UUID | None = None
        self.lasting: uuid.UUID | None = None
        self.news = 0
        self.classed: dict[uuid.UUID, tuple[str, str]] = {}
        self.asked: dict[uuid.UUID, tuple[str, str, str]] = {}

    def link(self, sid: str) -> None:
        """Match the account to a resident who is shown: whose it is, is the platform's own."""
        with transaction():
            for row in write(LINK, {"sid": sid, "account": self.account}):
                self.linked = row.resident_id

    def note_class(self, sid: str, age_class: str) -> uuid.UUID | None:
        """Write down the age class of a resident who is shown: the platform's own field."""
        with transaction():
            for row in write(CLASS, {"sid": sid, "class": age_class}):
                self.classed[row.id] = (sid, age_class)
                return uuid.UUID(str(row.id))
        return None

    def ask_about_the_lasting(self, age_class: str, wanted: str, relation: str) -> None:
        """Note a class and ask for a relation; then the register says one, and it alone counts."""
        if not self.news:
            self.world.say("areas", area(2))
            self.world.say("addresses", address(LASTING + 1))
            self.world.say("households", household(LASTING + 1))
        sid = f"CRASH-R{LASTING}"
        self._say_of_the_lasting("head")
        key = self.note_class(sid, age_class)
        assert key is not None
        assert self.lasting in (None, key), "who was never gone has another key"
        self.lasting = key
        self.ask(sid, wanted)
        assert read(SHOWN, {"sid": sid}) == [(key, "head", age_class)]
        self._say_of_the_lasting(relation)
        assert read(SHOWN, {"sid": sid}) == [(key, relation, age_class)]
        self.look_at_answers()

    def _say_of_the_lasting(self, relation: str) -> None:
        self.news += 1
        self.world.say("residents", resident(LASTING, ver=self.news, relation=relation))
        self.world.settle()

    def ask(self, sid: str, wanted: str) -> None:
        """Ask for another relation to the head of the household: the district's field."""
        before, refusal = touched(self.streams), self._refusal(sid, wanted)
        with pytest.raises(refusal) if refusal else nullcontext():
            key = ask(self.actor, self.streams["residents"], sid, "relation", wanted, "试行")
            self.asked[key] = (sid, wanted, "asked")
        assert touched(self.streams) == before, "to ask is to write nothing of a record"

    def _refusal(self, sid: str, wanted: str) -> type[Exception] | None:
        says = self._says(sid)
        if says is None:
            return NotFound
        if says == wanted:
            return AlreadyRight
        waiting = {about for about, _, state in self.asked.values() if state == "asked"}
        return CorrectionAsked if sid in waiting else None

    def look_at_answers(self) -> None:
        """Let the worker close what the records say by now."""
        for sweep in correction_sweeps(lambda: list(self.streams.values())):
            sweep.run()
        for key, (sid, wanted, state) in self.asked.items():
            if state == "asked" and self._says(sid) == wanted:
                self.asked[key] = (sid, wanted, "corrected")

    def erased(self, sid: str) -> None:
        """Forget the tickets of somebody who was erased."""
        self.asked = {key: about for key, about in self.asked.items() if about[0] != sid}

    def check(self) -> None:
        """Check that what is the platform's is as it wrote it, and each ticket is told once."""
        for row in read(CLASSED, {"ids": list(self.classed)}):
            assert (row.sid, row.age_class) == self.classed[row.id], "the exchange wrote over it"
        found = {row.id: row.state for row in read(TICKETS, {"source": SOURCE})}
        assert found == {key: state for key, (_, _, state) in self.asked.items()}
        self._check_link()
        told = {row.subject_id: row.times for row in read(TOLD, {"keys": list(self.asked)})}
        assert told == dict.fromkeys(self.asked, 1)

    def _check_link(self) -> None:
        ((level, resident_id, sid),) = read(LINKED, {"account": self.account})
        still_there = read("SELECT FROM resident WHERE id = %(id)s", {"id": self.linked})
        assert resident_id == (self.linked if still_there else None)
        assert level == (2 if sid else 1)

    def forget(self) -> None:
        """Take account and tickets away again."""
        about: dict[str, Any] = {"source": SOURCE, "account": self.account}
        with transaction():
            write(FORGET, about)
            write("DELETE FROM account WHERE id = %(account)s", about)
            write("DELETE FROM correction WHERE source = %(source)s", about)

    def _says(self, sid: str) -> str | None:
        return next((row.relation for row in read(SAYS, {"source": SOURCE, "sid": sid})), None)
