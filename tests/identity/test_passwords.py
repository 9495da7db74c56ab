"""A password is one's own choice: set with a fresh code, kept slow to guess, told to nobody."""

import statistics
import threading
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from app.database import read, transaction, write
from app.errors import Invalid
from app.identity.sign_in import hashing
from app.identity.sign_in.password_rules import checked_password
from app.identity.sign_in.seats import Seats, SeatsTaken
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, Caller, Person, account_of
from tests.signing_in import answered, begin, slug

Client = Callable[[Person], Caller]
PHONE = PEOPLE["resident"]["phone"]
GOOD = "春江水暖鸭先知"
PATH = "/api/v1/sessions/password"


def own_code(caller: Caller, purpose: str, phone: str = PHONE) -> dict[str, str]:
    asked = caller.post("/api/v1/me/codes", {"purpose": purpose, "phone": phone})
    assert asked.status_code == 202, asked.json
    challenge, code = answered(str((asked.json or {})["challenge_id"]))
    return {"challenge_id": challenge, "code": code}


def with_password(caller: Caller, password: str = GOOD) -> Any:
    body = own_code(caller, "password") | {"password": password}
    return caller.post("/api/v1/me/password", body)


def by_password(caller: Caller, password: str = GOOD, phone: str = PHONE) -> Any:
    return caller.post(PATH, {"phone": phone, "password": password, "device": "x"})


def test_somebody_sets_a_password_uses_and_removes_it(sign_in: Client, nobody: Caller) -> None:
    resident = sign_in(RESIDENT)
    assert slug(by_password(nobody)) == "password-refused"
    assert with_password(resident).status_code == 204
    assert by_password(nobody, phone=f"+86 {PHONE}").status_code == 201
    assert slug(by_password(nobody, GOOD + "!")) == "password-refused"
    removed = resident.post("/api/v1/me/password/removal", own_code(resident, "password"))
    assert removed.status_code == 204
    assert slug(by_password(nobody)) == "password-refused"
    deeds = [row.deed for row in read("SELECT deed FROM audit_entry ORDER BY id")]
    assert [each for each in deeds if "password" in each] == ["password-set", "password-removed"]


def test_only_a_fresh_code_for_passwords_sets_one(sign_in: Client, nobody: Caller) -> None:
    resident = sign_in(RESIDENT)
    step_up = own_code(resident, "step-up") | {"password": GOOD}
    assert slug(resident.post("/api/v1/me/password", step_up)) == "code-refused"
    neighbours = own_code(sign_in(NEIGHBOUR), "password", PEOPLE["neighbour"]["phone"])
    stolen = resident.post("/api/v1/me/password", neighbours | {"password": GOOD})
    assert slug(stolen) == "code-refused"
    wrong_phone = {"purpose": "password", "phone": PEOPLE["neighbour"]["phone"]}
    assert slug(resident.post("/api/v1/me/codes", wrong_phone)) == "invalid"
    assert read("SELECT count(*) AS n FROM account_password")[0].n == 0


def test_a_new_password_signs_out_the_other_devices(sign_in: Client) -> None:
    here, elsewhere = sign_in(RESIDENT), sign_in(RESIDENT)
    assert with_password(here).status_code == 204
    assert here.get("/api/v1/me").status_code == 200
    assert slug(elsewhere.get("/api/v1/me")) == "session-ended"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short12", "length"),
        ("x" * 257, "length"),
        ("好" * 86, "length"),
        ("password1", "too-common"),
        ("PassWord1", "too-common"),
        ("１２３４５６７８９", "too-common"),
        ("woaini1314", "too-common"),
        ("aaaaaaaaaa", "too-common"),
        ("abababab", "too-common"),
        ("98765432", "too-common"),
    ],
)
def test_what_everybody_tries_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_password(password)
    assert refused.value.faults[0].code == code
    assert password not in str(refused.value.faults)


@pytest.mark.parametrize(
    "password", ["8 bytes.", "     x     y    ", "好山好水好地方" * 12, "PPPPPq!r"]
)
def test_there_are_no_rules_of_composition(password: str) -> None:

    assert checked_password(password) == password


def test_ones_own_phone_is_no_password(sign_in: Client) -> None:
    answer = with_password(sign_in(RESIDENT), PHONE)
    assert (answer.status_code, slug(answer)) == (422, "invalid")


def test_the_same_word_from_two_keyboards_is_one_password(sign_in: Client, nobody: Caller) -> None:
    word = "Élodie à Dandong"
    assert with_password(sign_in(RESIDENT), unicodedata.normalize("NFD", word)).status_code == 204
    assert by_password(nobody, unicodedata.normalize("NFC", word)).status_code == 201
    assert slug(by_password(nobody, f" {word}")) == "password-refused", "nothing is trimmed"


def test_the_hash_is_slow_salted_and_made_anew_when_settings_change(
    sign_in: Client, nobody: Caller
) -> None:
    with_password(sign_in(RESIDENT))
    kept = bytes(read("SELECT hash FROM account_password")[0].hash).decode()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD)
    with transaction():
        write("UPDATE account_password SET hash = %(old)s", {"old": old.encode()})
    assert by_password(nobody).status_code == 201
    anew = bytes(read("SELECT hash FROM account_password")[0].hash).decode()
    assert "m=19456,t=2,p=1" in anew
    assert by_password(nobody).status_code == 201


def test_known_and_unknown_phones_get_the_same_answer_limits_and_work(
    sign_in: Client, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each try costs one hash, whoever the phone belongs to."""
    with_password(sign_in(RESIDENT))
    account_of(NEIGHBOUR)
    checked: list[str] = []
    real = hashing._fits

    def counting(password: str, kept: str) -> bool:
        checked.append(kept.split("$")[3])
        return real(password, kept)

    monkeypatch.setattr(hashing, "_fits", counting)
    told = []
    for phone in (PHONE, PEOPLE["neighbour"]["phone"], "19999990009"):
        answers = [by_password(nobody, "not this one", phone) for _ in range(6)]
        told.append([(a.status_code, sorted(a.headers.keys()), slug(a)) for a in answers])
    assert told[0] == told[1] == told[2]
    assert [status for status, _, _ in told[0]] == [401] * 5 + [429]
    assert checked == ["m=19456,t=2,p=1"] * 15


def test_hashing_an_unknown_phones_password_takes_as_long(app: Flask) -> None:
    kept = hashing.hashed(GOOD)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for _ in range(15):
        for whose, against in (("known", kept), ("unknown", None)):
            began = time.perf_counter()
            assert not hashing.fits("not this one", against)
            times[whose].append(time.perf_counter() - began)
    known, unknown = (min(times[each]) for each in ("known", "unknown"))
    assert abs(known - unknown) < max(known, unknown) / 2, statistics.median(times["unknown"])


def test_a_closed_account_is_refused_as_a_wrong_password_is(
    sign_in: Client, nobody: Caller
) -> None:
    with_password(sign_in(RESIDENT))
    with transaction():
        write(
            "UPDATE account SET status = 'closed' WHERE id = %(id)s", {"id": account_of(RESIDENT)}
        )
    assert slug(by_password(nobody)) == "password-refused"


def test_who_finds_all_seats_taken_is_told_at_once(
    nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats = Seats(1)
    monkeypatch.setattr(hashing, "SEATS", seats)
    with seats.taken():
        answer = by_password(nobody)
    assert (answer.status_code, slug(answer)) == (503, "sign-in-busy")
    assert answer.headers["Retry-After"]
    assert slug(by_password(nobody)) == "password-refused"


def test_who_waits_over_two_seconds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "WITHIN", 0.05)
    let_go = threading.Event()
    monkeypatch.setattr(hashing, "_fits", lambda *_: let_go.wait(5))
    with pytest.raises(SeatsTaken):
        hashing.fits("x", b"$argon2id$")
    let_go.set()


def test_no_more_hashes_run_at_once_than_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = [0], [0], threading.Lock()

    def slow(*_: str) -> bool:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1
        return False

    monkeypatch.setattr(hashing, "_fits", slow)
    monkeypatch.setattr(hashing, "SEATS", Seats(20))
    threads = [threading.Thread(target=hashing.fits, args=("x", b"y")) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == hashing.LANES


NEW = "19904150077"


def test_an_account_moves_to_another_phone(sign_in: Client, nobody: Caller, app: Flask) -> None:
    resident, elsewhere = sign_in(RESIDENT), sign_in(RESIDENT)
    account = account_of(RESIDENT)
    old, new = own_code(resident, "step-up"), own_code(resident, "phone", NEW)
    body = old | {"new_challenge_id": new["challenge_id"], "new_code": new["code"]}
    assert resident.post("/api/v1/me/phone", body).status_code == 204
    assert resident.get("/api/v1/me").status_code == 200
    assert slug(elsewhere.get("/api/v1/me")) == "session-ended"
    came = begin(nobody, NEW)
    me = Caller(app, {"Authorization": f"Bearer {came['access_token']}"}).get("/api/v1/me").json
    assert (me or {})["account_id"] == str(account)


def test_a_phone_with_an_account_is_never_merged(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    sign_in(NEIGHBOUR)
    old = own_code(resident, "step-up")
    new = own_code(resident, "phone", PEOPLE["neighbour"]["phone"])
    body = old | {"new_challenge_id": new["challenge_id"], "new_code": new["code"]}
    assert slug(resident.post("/api/v1/me/phone", body)) == "phone-taken"
    phones = read("SELECT count(DISTINCT phone_index) AS n, count(*) AS m FROM account")[0]
    assert phones.n == phones.m


def test_a_move_needs_both_codes_in_their_places(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    old, new = own_code(resident, "step-up"), own_code(resident, "phone", NEW)
    turned = new | {"new_challenge_id": old["challenge_id"], "new_code": old["code"]}
    assert slug(resident.post("/api/v1/me/phone", turned)) == "code-refused"
