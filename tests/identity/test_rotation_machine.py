"""Whatever phones and thieves do with refresh tokens, a session has one live branch or none."""

import uuid
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from app.database import db, read, transaction, write
from app.identity.sessions.beginning import begin, token_hash
from app.identity.sessions.lasting import refresh
from app.identity.sessions.refusals import RefreshRefused
from tests.people import RESIDENT, account_of

ROTATIONS = [uuid.uuid4() for _ in range(3)]


class Rotation(RuleBasedStateMachine):
    """``chain`` holds the tokens in the order in which they were given, ``by`` who rotated each."""

    tokens: Bundle[str] = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.chain: list[str] = []
        self.by: dict[str, uuid.UUID] = {}
        self.alive = True

    @initialize(target=tokens)
    def sign_in(self) -> str:
        begun = begin(account_of(RESIDENT), "a phone")
        self.session = begun.session_id
        self.chain = [begun.refresh_token]
        return begun.refresh_token

    @rule(target=tokens, token=tokens, rotation=st.sampled_from(ROTATIONS))
    def show(self, token: str, rotation: uuid.UUID) -> Any:
        """Show a token: as its holder, again after a lost answer, or as a thief."""
        try:
            given = refresh(token, rotation).refresh_token
        except RefreshRefused:
            self.expect_refusal(token, rotation)
            return multiple()
        assert self.alive, "a dead session went on"
        if token == self.chain[-1]:
            self.chain.append(given)
            self.by[token] = rotation
            return given
        assert token == self.chain[-2], "a token from further back went on"
        assert self.by[token] == rotation, "another hand got the successor"
        assert given == self.chain[-1], "a second branch"
        return multiple()

    def expect_refusal(self, token: str, rotation: uuid.UUID) -> None:
        if self.alive:
            assert token != self.chain[-1], "the newest token was refused"
            lost = len(self.chain) > 1 and token == self.chain[-2] and self.by[token] == rotation
            assert not lost, "a lost answer signed somebody out"
        self.alive = False

    @rule()
    def sign_out(self) -> None:
        with transaction():
            write(
                "UPDATE sign_in_session SET revoked_at = now() WHERE id = %(id)s",
                {"id": self.session},
            )
        self.alive = False

    @invariant()
    def one_branch_or_none(self) -> None:
        if not self.chain:
            return
        row = read(
            "SELECT revoked_at IS NULL AS alive, refresh_hash FROM sign_in_session"
            " WHERE id = %(id)s",
            {"id": self.session},
        )[0]
        assert row.alive == self.alive
        assert bytes(row.refresh_hash) == token_hash(self.chain[-1])

    def teardown(self) -> None:
        db.session.remove()


@pytest.mark.usefixtures("app")
def test_a_session_has_one_live_branch_or_none(app: Flask) -> None:
    run_state_machine_as_test(
        Rotation,
        settings=settings(
            max_examples=60,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
