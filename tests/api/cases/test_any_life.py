"""Whatever is tried in whatever order: the table says what happens, and all books agree."""

from datetime import datetime
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.database import db, read
from community.requests.lifecycle import OPEN, State, Step, StepRefused, legal, step
from community.requests.steps_taken import standing_of
from tests.api.cases.deeds import DEEDS, row_of
from tests.api.cases.living import Case, handler
from tests.people import RESIDENT, STAFF, Caller, bearer


class AnyLife(RuleBasedStateMachine):
    """One case, and the people concerned, who try anything at any time."""

    app: Flask

    @initialize()
    def file(self) -> None:
        self.people = {
            "filer": Caller(self.app, bearer(RESIDENT)),
            "staff": Caller(self.app, bearer(STAFF)),
        }
        self.case = Case(self.people["filer"], matter="SUBSIDY")
        self.steps = 0

    def unit(self) -> Caller:
        return Caller(self.app, bearer(handler(self.row().department_code)))

    def row(self) -> Any:
        return row_of(self.case)

    @precondition(lambda self: self.steps < 40)
    @rule(wanted=st.sampled_from(sorted(DEEDS)))
    def try_it(self, wanted: Step) -> None:
        """A step that is legal changes the state as the table says; any other changes nothing."""
        before = self.row()
        who, deed, body = DEEDS[wanted]
        caller = self.unit() if who == "unit" else self.people[who]
        answer = self.case.step(caller, deed, body)
        after = self.row()
        self.steps += 1
        if wanted == Step.CLAIM and before.state == State.CLAIMED:
            assert answer.status_code == 200, answer.json  # whoever has it asks again: no harm
            assert after == before
            return
        target, named = _by_the_table(before, wanted)
        if target is None:
            assert answer.status_code == 409, answer.json
            if wanted != Step.RATE:  # rated twice has a name of its own
                assert answer.json["legal"] == named
            assert after == before
            return
        if answer.status_code >= 400:  # legal here, but another rule of the field stands against it
            assert answer.json["type"].rsplit(":", 1)[-1] in (
                "window-closed",
                "extension-not-allowed",
                "not-yours",
                "own-work",
                "unit-unknown",
            ), answer.json
            assert after == before
            return
        assert after.state == target, wanted
        assert after.version > before.version

    @invariant()
    def the_books_agree(self) -> None:
        """Open means a deadline runs, settled a result; each change stands in the timeline."""
        if not hasattr(self, "case"):
            return
        row = self.row()
        state = State(row.state)
        assert (row.result is not None) == (state in (State.SETTLED, State.RATED, State.VISITING))
        assert (row.claimed_by is not None) >= (state in (State.CLAIMED, State.WAITING))
        if state in OPEN and state != State.WAITING:
            assert row.paused_at is None
            assert row.next_rung_at is not None
        if state not in OPEN:
            assert row.next_rung_at is None
        assert row.paused_seconds >= 0
        assert row.help_open == 0
        told = read(
            "SELECT count(*) AS n FROM request_event WHERE request_id = %(id)s",
            {"id": self.case.id},
        )[0].n
        audited = read(
            "SELECT count(*) AS n FROM audit_entry WHERE subject_id = %(id)s", {"id": self.case.id}
        )[0].n
        assert self.last_told() == row.deadline_at.replace(microsecond=0)
        assert told == audited + 1  # filing itself is told, and audited as the dispatch

    def last_told(self) -> datetime:
        """Return the deadline that the newest entry about it tells."""
        sql = (
            "SELECT facts->'clock'->>'due' AS due FROM request_event"
            " WHERE request_id = %(id)s AND facts ? 'clock' ORDER BY id DESC LIMIT 1"
        )
        return datetime.fromisoformat(read(sql, {"id": self.case.id})[0].due)

    def teardown(self) -> None:
        """Give the connection back."""
        db.session.remove()


def _by_the_table(row: Any, wanted: Step) -> tuple[State | None, list[Step]]:
    """Return where a step leads to, or None and the steps that are legal instead."""
    here = standing_of(row)
    try:
        return step(here, wanted), []
    except StepRefused:
        return None, legal(here)


def test_any_life_of_a_case_is_one_of_the_table(app: Flask) -> None:
    AnyLife.app = app
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
