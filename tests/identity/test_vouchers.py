"""Who has a network identity proves themselves by it, and is asked for no name or number."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from app.identity.sign_in.seats import SLOW
from app.identity.ways_in import open_ways
from sample.district.signatures import Gate, Unsigned
from sample.district.signatures import Heard as Signed
from tests.identity.households import CHILD, guarding
from tests.loopback import Answer, Cut, Heard, Loopback, Reply, Silence, standing
from tests.people import NEIGHBOUR, NEWCOMER, PEOPLE, RESIDENT, Caller, Person, account_of
from tests.signing_in import slug

Client = Callable[[Person], Caller]
KEY = "a key that both sides know, and nobody else"
TOML = """
[network-identity]
kind = "network-identity"
url = "{url}"
key_id = "linli"
key_env = "VOUCHERS"
answer_within = "1s"
"""


class Service:
    """Redeems each voucher once, for whoever signs."""

    def __init__(self) -> None:
        self.vouchers: dict[str, dict[str, str]] = {}
        self._gate = Gate("linli", KEY.encode())

    def answer(self, heard: Heard) -> Answer:
        try:
            self._gate.admit(Signed(heard.method, heard.path, heard.headers, heard.body))
        except Unsigned:
            return Reply(401, {})
        found = self.vouchers.pop(json.loads(heard.body)["voucher"], None)
        return Reply(200, found) if found else Reply(404, {"code": "no-such-voucher"})


@pytest.fixture
def service(app: Flask, tmp_path: Path) -> Iterator[tuple[Service, Loopback]]:
    made = Service()
    with standing(made.answer) as line:
        path = tmp_path / "ways.toml"
        path.write_text(TOML.format(url=line.url), "utf-8")
        open_ways(path, {"VOUCHERS": KEY})
        yield made, line
    open_ways(None, {})


def prove(caller: Caller, voucher: str = "voucher-0001") -> Any:
    return caller.post("/api/v1/me/network-identity", {"voucher": voucher})


def standing_of(person: Person) -> tuple[int, bool]:
    sql = "SELECT level, resident_id IS NOT NULL AS bound FROM account WHERE id = %(id)s"
    row = read(sql, {"id": account_of(person)})[0]
    return row.level, row.bound


def test_a_voucher_raises_an_account_to_level_three(
    sign_in: Client, service: tuple[Service, Loopback]
) -> None:
    service[0].vouchers["voucher-0001"] = {"subject": "wh-7f3a"}
    newcomer = sign_in(NEWCOMER)
    assert prove(newcomer).status_code == 204
    assert standing_of(NEWCOMER) == (3, False)
    body = service[1].heard[0].body.decode()
    assert set(json.loads(body)) == {"voucher"}, "no name, no number, no phone"
    assert "wh-7f3a" not in str(read("SELECT n::text FROM network_identity n")[0])
    assert slug(prove(newcomer)) == "identity-not-matched", "a voucher is good once"


def test_a_service_that_may_name_the_person_binds_them_too(
    sign_in: Client, service: tuple[Service, Loopback]
) -> None:
    sid = PEOPLE["resident"]["sid"]
    service[0].vouchers["voucher-0001"] = {"subject": "wh-1", "resident_sid": sid}
    assert prove(sign_in(NEWCOMER)).status_code == 204
    assert standing_of(NEWCOMER) == (3, True)


def test_a_child_under_14_is_bound_by_no_voucher_without_a_guardians_word(
    sign_in: Client, service: tuple[Service, Loopback]
) -> None:
    """Nor again, once the guardian has taken the word back."""
    names = [f"voucher-000{n}" for n in range(1, 5)]
    for name in names:
        service[0].vouchers[name] = {"subject": "wh-child", "resident_sid": CHILD["sid"]}
    child, head = sign_in(NEWCOMER), sign_in(RESIDENT)
    refused = prove(child, names[0])
    assert (refused.status_code, slug(refused)) == (403, "guardian-needed")
    assert standing_of(NEWCOMER) == (1, False)
    assert read("SELECT 1 FROM network_identity") == [], "nothing of a refused proof is kept"
    path = f"/api/v1/guardianships/{guarding(head)['id']}/consent"
    assert head.post(path).status_code == 200
    assert prove(child, names[1]).status_code == 204
    assert standing_of(NEWCOMER) == (3, True)
    assert head.delete(path).status_code == 204
    assert standing_of(NEWCOMER) == (1, False)
    assert slug(prove(child, names[2])) == "guardian-needed"
    assert standing_of(NEWCOMER) == (1, False)


def test_nobody_takes_anothers_identity(sign_in: Client, service: tuple[Service, Loopback]) -> None:
    sign_in(RESIDENT)
    sid = PEOPLE["resident"]["sid"]
    service[0].vouchers |= {
        "voucher-0001": {"subject": "wh-1", "resident_sid": sid},
        "voucher-0002": {"subject": "wh-2"},
        "voucher-0003": {"subject": "wh-2"},
    }
    newcomer = sign_in(NEWCOMER)
    assert slug(prove(newcomer)) == "identity-not-matched"
    assert standing_of(NEWCOMER) == (1, False)
    assert prove(sign_in(NEIGHBOUR), "voucher-0002").status_code == 204
    assert slug(prove(newcomer, "voucher-0003")) == "identity-not-matched"
    assert standing_of(NEWCOMER) == (1, False)


def test_a_voucher_of_the_same_person_ends_a_suspension(
    sign_in: Client, service: tuple[Service, Loopback]
) -> None:
    service[0].vouchers |= {
        "voucher-0001": {"subject": "wh-1"},
        "voucher-0002": {"subject": "wh-other"},
        "voucher-0003": {"subject": "wh-1"},
    }
    caller = sign_in(NEWCOMER)
    prove(caller)
    with transaction():
        write(
            "UPDATE account SET suspended_at = now() WHERE id = %(id)s",
            {"id": account_of(NEWCOMER)},
        )
    assert slug(caller.get("/api/v1/inbox")) == "role-not-allowed"
    assert slug(prove(caller, "voucher-0002")) == "identity-not-matched"
    assert prove(caller, "voucher-0003").status_code == 204
    assert caller.get("/api/v1/inbox").status_code == 200


AWAY: dict[str, Answer] = {
    "silence": Silence(2),
    "a cut line": Cut(),
    "a fault": Reply(500, {}),
    "no subject": Reply(200, {}),
    "a subject that is no text": Reply(200, {"subject": 7}),
    "no JSON": Reply(200, b"yes"),
}


@pytest.mark.parametrize("instead", AWAY.values(), ids=AWAY.keys())
def test_a_service_that_does_not_answer_proves_nobody(
    sign_in: Client, service: tuple[Service, Loopback], instead: Answer
) -> None:
    service[1].instead.append(instead)
    assert slug(prove(sign_in(NEWCOMER))) == "voucher-service-away"
    assert standing_of(NEWCOMER) == (1, False)


def test_whoever_finds_the_seats_taken_is_told_and_asks_nobody(
    sign_in: Client, service: tuple[Service, Loopback]
) -> None:
    """A service that is slow holds up one thread of a process, and not all of them."""
    with SLOW.taken():
        answer = prove(sign_in(NEWCOMER))
    assert (answer.status_code, slug(answer)) == (503, "sign-in-busy")
    assert service[1].heard == []


def test_an_installation_without_the_service_says_so(sign_in: Client, app: Flask) -> None:
    assert slug(prove(sign_in(NEWCOMER))) == "vouchers-not-taken"


def test_level_three_is_enough_for_what_asks_for_two(
    sign_in: Client, service: tuple[Service, Loopback]
) -> None:
    service[0].vouchers["voucher-0001"] = {"subject": "wh-7f3a"}
    caller = sign_in(NEWCOMER)
    prove(caller)
    again = {"name": PEOPLE["resident"]["name"], "id_number": PEOPLE["resident"]["id_number"]}
    assert slug(caller.post("/api/v1/me/verification", again)) == "already-verified"
    shared = caller.post("/api/v1/me/phone-sharing", {"phone": NEWCOMER.key})
    assert slug(shared) == "level-needed", "there is nobody of the register to tell of"
