"""Every operation that changes something writes to the audit trail, or says why it need not."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.policy import PolicyTable
from app.privacy import audit
from tests.house.reached import reached_from

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def reaches_audit(view: Callable[..., Any]) -> bool:
    """Tell whether a way leads from a view to ``audit`` through functions of ours."""
    return any(each is audit for each in reached_from(view))


def changing(app: Flask) -> list[tuple[str, str]]:
    table: PolicyTable = app.extensions["linli.policy"]
    return sorted(key for key in table.rows if key[1] in CHANGING)


def test_every_deed_of_the_policy_table_is_audited(app: Flask) -> None:
    silent = {
        operation
        for operation, _ in changing(app)
        if not reaches_audit(app.view_functions[operation])
    }
    assert len(changing(app)) > 40
    unexcused = silent - set(UNWRITTEN)
    assert not unexcused, f"{sorted(unexcused)} change something and write no audit entry"
    assert not set(UNWRITTEN) - silent, "what is written needs no excuse"


def test_a_view_that_writes_nothing_is_seen(app: Flask) -> None:
    def silent() -> str:
        return "done"

    assert not reaches_audit(silent)
    assert reaches_audit(app.view_functions["rights.reveal_field"])
    assert not reaches_audit(app.view_functions["rights.show_data"])


A_TRY = "a code on its way: counted in rows before anything is looked at; spending it is a deed"
OWN_READING = "what somebody has read is theirs, and nobody's to look up"

UNWRITTEN = {
    "sign_in.ask_for_code": A_TRY,
    "step_up.send_proof_code": A_TRY,
    "ways.ask_for_own_code": A_TRY,
    "providers.visit_provider": "the way to a provider; coming back is a deed",
    "inbox.mark_read": OWN_READING,
    "inbox.put_aside": OWN_READING,
    "live.open_stream": OWN_READING,
    "requests.follow_request": OWN_READING,
    "requests.unfollow_request": OWN_READING,
}
"""Operations that change nothing that others must be able to look up, and why."""
