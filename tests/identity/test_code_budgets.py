"""Who knows a number can ask for codes in its name, and takes them from nobody but themselves."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read
from tests.people import PEOPLE, RESIDENT, Caller, Person
from tests.signing_in import slug

Client = Callable[[Person], Caller]
KNOWN, UNKNOWN = PEOPLE["resident"]["phone"], "19999990009"
HOME, STRANGER = "203.0.113.7", "198.51.100.9"


def asks(caller: Caller, phone: str, address: str) -> str:
    """Ask for a code to sign in with; return what was refused, if it was."""
    answer = caller.post(
        "/api/v1/sign-in/challenges", {"phone": phone}, environ_base={"REMOTE_ADDR": address}
    )
    return "" if answer.status_code == 202 else slug(answer)


def own_code(caller: Caller, phone: str, address: str, purpose: str = "password") -> Any:
    body = {"purpose": purpose, "phone": phone}
    return caller.post("/api/v1/me/codes", body, environ_base={"REMOTE_ADDR": address})


def sent(phone_kind: str) -> int:
    counted = read("SELECT n FROM attempt_counter WHERE kind = %(kind)s", {"kind": phone_kind})
    return sum(row.n for row in counted)


@pytest.mark.parametrize("phone", [KNOWN, UNKNOWN], ids=["known", "unknown"])
def test_a_stranger_spends_their_own_tries_and_not_the_holders(nobody: Caller, phone: str) -> None:
    told = [asks(nobody, phone, STRANGER) for _ in range(100)]
    assert told == [""] * 5 + ["too-many"] * 95
    assert sent("code-phone-hour") == 5, "what a network is refused costs the number nothing"
    assert [asks(nobody, phone, HOME) for _ in range(6)] == [""] * 5 + ["too-many"]


@pytest.mark.parametrize("phone", [KNOWN, UNKNOWN], ids=["known", "unknown"])
def test_a_number_gets_so_many_messages_whoever_asks(nobody: Caller, phone: str) -> None:
    told = [asks(nobody, phone, f"198.51.100.{n}") for n in range(1, 21)]
    assert told == [""] * 15 + ["too-many"] * 5
    assert len(read("SELECT 1 FROM sms_message")) == 15


def test_who_is_signed_in_has_tries_that_nobody_else_reaches(
    nobody: Caller, sign_in: Client
) -> None:
    for n in range(1, 21):
        asks(nobody, KNOWN, f"198.51.100.{n}")
    holder = sign_in(RESIDENT)
    told = [own_code(holder, KNOWN, HOME).status_code for _ in range(6)]
    assert told == [202] * 5 + [429]


def test_guessing_at_ones_own_phone_is_counted_before_it_is_looked_at(sign_in: Client) -> None:
    holder = sign_in(RESIDENT)
    told = [own_code(holder, UNKNOWN, HOME).status_code for _ in range(5)]
    assert told == [422] * 5
    assert own_code(holder, KNOWN, HOME).status_code == 429
    assert not read("SELECT 1 FROM sms_message")


def test_who_moves_to_another_phone_asks_as_anybody_who_says_that_number(sign_in: Client) -> None:
    holder = sign_in(RESIDENT)
    told = [own_code(holder, UNKNOWN, HOME, "phone").status_code for _ in range(6)]
    assert told == [202] * 5 + [429]
