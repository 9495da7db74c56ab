"""A code counts once, for ten minutes, for what it was sent for; a number tells nobody anything."""

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.database import read
from app.errors import TooMany
from app.identity.codes import CodeRefused, Purpose, issue, spend
from app.identity.codes.issuing import (
    EVERYBODY,
    PER_HOLDER,
    PER_PHONE,
    PER_PHONE_AND_NETWORK,
)
from app.identity.limits import Limit, count_each
from app.identity.sign_in.seats import CODES, SLOW, Seats, SeatsTaken
from app.privacy import vault
from tests.people import PEOPLE, Caller, Person, account_of
from tests.signing_in import answered, code_for, slug

PHONE = "19904150033"
HERE = "203.0.113.7"


def sent(
    purpose: Purpose = Purpose.SIGN_IN, account: uuid.UUID | None = None
) -> tuple[uuid.UUID, str]:
    challenge, lives = issue(purpose, PHONE, HERE, account)
    assert lives == 600
    return challenge, answered(str(challenge))[1]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_says_which_phone_it_was_sent_to_and_is_used_up(app: Flask) -> None:
    challenge, code = sent()
    assert spend(Purpose.SIGN_IN, challenge, code) == vault.index("phone", PHONE)
    with pytest.raises(CodeRefused):
        spend(Purpose.SIGN_IN, challenge, code)


@pytest.mark.parametrize("other", [each for each in Purpose if each != Purpose.SIGN_IN])
def test_a_code_for_signing_in_does_nothing_else(app: Flask, other: Purpose) -> None:
    challenge, code = sent()
    for _ in range(6):
        with pytest.raises(CodeRefused):
            spend(other, challenge, code)
    assert spend(Purpose.SIGN_IN, challenge, code), "a slip costs no try of the right purpose"


def test_a_code_counts_for_its_own_challenge_and_account(app: Flask) -> None:
    mine, other = account_of(Person("resident")), account_of(Person("neighbour"))
    first, code = sent(Purpose.PASSWORD, mine)
    second, _ = sent(Purpose.PASSWORD, mine)
    for challenge, account in ((second, mine), (first, other), (first, None)):
        with pytest.raises(CodeRefused):
            spend(Purpose.PASSWORD, challenge, code, account)
    assert spend(Purpose.PASSWORD, first, code, mine)


def test_five_tries_and_no_more(app: Flask) -> None:
    challenge, code = sent()
    for _ in range(5):
        with pytest.raises(CodeRefused):
            spend(Purpose.SIGN_IN, challenge, wrong(code))
    with pytest.raises(CodeRefused):
        spend(Purpose.SIGN_IN, challenge, code)


def test_ten_minutes_and_no_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge, code = sent()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=9, seconds=50))
    with pytest.raises(CodeRefused):
        spend(Purpose.SIGN_IN, challenge, wrong(code))
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=10, seconds=5))
    with pytest.raises(CodeRefused):
        spend(Purpose.SIGN_IN, challenge, code)


def test_of_many_who_type_the_code_at_once_one_gets_in(app: Flask) -> None:
    challenge, code = sent()
    together, let_in = threading.Barrier(5), []

    def typing() -> None:
        with app.app_context():
            together.wait()
            with suppress(CodeRefused):
                let_in.append(spend(Purpose.SIGN_IN, challenge, code))

    threads = [threading.Thread(target=typing) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let_in) == 1


def test_the_database_does_not_know_the_code(app: Flask) -> None:
    challenge, code = sent()
    row = str(read("SELECT c::text FROM sign_in_challenge c")[0])
    assert code not in row.replace(str(challenge), "")
    assert PHONE not in row


TYPED = {
    "plain": lambda code: code,
    "spaces": lambda code: f" {code[:3]} {code[3:]} ",
    "full width": lambda code: "".join(chr(ord(digit) + 0xFEE0) for digit in code),
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED.keys())
def test_a_code_is_read_as_people_type_it(nobody: Caller, typed: Callable[[str], str]) -> None:
    challenge, code = code_for(nobody, PHONE)
    body = {"challenge_id": challenge, "code": typed(code), "device": "x"}
    assert nobody.post("/api/v1/sessions", body).status_code == 201


@pytest.mark.parametrize(
    "written",
    ["+86 199 0415 0033", "0086-19904150033", "１９９０４１５００３３", " 199\t04150033 "],
)
def test_a_number_is_one_number_however_it_is_written(nobody: Caller, written: str) -> None:
    challenge, code = code_for(nobody, written)
    assert spend(Purpose.SIGN_IN, uuid.UUID(challenge), code) == vault.index("phone", PHONE)
    counted = read("SELECT n FROM attempt_counter WHERE kind = 'code-phone-day'")
    code_for(nobody, PHONE)
    again = read("SELECT n FROM attempt_counter WHERE kind = 'code-phone-day'")
    assert ([row.n for row in counted], [row.n for row in again]) == ([1], [2])


def test_known_and_unknown_numbers_get_the_same_bytes_and_the_same_limits(nobody: Caller) -> None:
    told = []
    for phone in (PEOPLE["worker"]["phone"], "19999990009"):
        answers = [nobody.post("/api/v1/sign-in/challenges", {"phone": phone}) for _ in range(6)]
        told.append([(a.status_code, sorted(a.headers.keys()), len(a.data)) for a in answers])
    # the wait that a limit asks for may pass from four digits to three in between: not told here
    assert told[0] == told[1]
    assert [status for status, _, _ in told[0]] == [202] * 5 + [429]


def test_a_limit_for_everybody_is_shared_by_its_rows(app: Flask) -> None:
    limit = Limit("all-hour", 64, timedelta(hours=1), rows=4)
    refused = 0
    for _ in range(200):
        try:
            count_each(("", limit))
        except TooMany:
            refused += 1
    assert 200 - 64 <= refused <= 200 - 40
    assert read("SELECT count(*) AS n FROM attempt_counter WHERE kind = 'all-hour'")[0].n == 4


def test_the_limits_are_those_that_are_documented() -> None:
    for limits, most in (
        (PER_PHONE_AND_NETWORK, (5, 10)),
        (PER_HOLDER, (5, 10)),
        (PER_PHONE, (15, 30)),
    ):
        windows = (timedelta(hours=1), timedelta(days=1))
        assert [(each.most, each.window) for each in limits] == list(
            zip(most, windows, strict=True)
        )
    assert (EVERYBODY.most, EVERYBODY.window) == (10_000, timedelta(minutes=5))


def test_a_wrong_phone_for_ones_own_code_is_named_and_limited(app: Flask, nobody: Caller) -> None:
    assert slug(nobody.post("/api/v1/sign-in/challenges", {"phone": "0415 2125678"})) == "invalid"


def test_a_flood_of_sign_ins_leaves_a_thread_to_the_others(
    nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of a process signs in at a time and one waits a moment; others are told to come back."""
    seats = Seats(1, waiting=1, patience=0.2)
    monkeypatch.setattr("app.identity.sign_in.codes.CODES", seats)
    with seats.taken():
        began = time.monotonic()
        answer = nobody.post("/api/v1/sign-in/challenges", {"phone": PHONE})
        assert 0.15 < time.monotonic() - began < 2
    assert (answer.status_code, slug(answer)) == (503, "sign-in-busy")
    assert read("SELECT count(*) AS n FROM attempt_counter")[0].n == 0
    challenge, code = code_for(nobody, PHONE)
    body = {"challenge_id": challenge, "code": code, "device": "x"}
    assert nobody.post("/api/v1/sessions", body).status_code == 201


def test_all_seats_are_free_again_after_any_end() -> None:
    seats = Seats(2, waiting=1, patience=0.01)
    for _ in range(5):
        with pytest.raises(TooMany), seats.taken():
            raise TooMany(1)
    with seats.taken(), seats.taken(), pytest.raises(SeatsTaken), seats.taken():
        pass


def test_no_flood_takes_all_threads_of_a_process() -> None:
    taken = 0
    for seats in (CODES, SLOW):
        while seats._here.acquire(blocking=False):
            taken += 1
    for seats, many in ((CODES, 2), (SLOW, 1)):
        for _ in range(many):
            seats._here.release()
    assert taken == 3, "of the four that gunicorn.conf.py gives"
