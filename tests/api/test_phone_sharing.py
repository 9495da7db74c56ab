"""The district learns a resident's phone if the resident says so, and not a day longer."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from flask import Flask

from app.database import read, transaction, write
from app.privacy import vault
from app.sync.outward.delivery import delivery_sweep
from tests.people import NEIGHBOUR, NEWCOMER, PEOPLE, RESIDENT, Caller, Person, account_of

Client = Callable[[Person], Caller]

SHARING = "/api/v1/me/phone-sharing"
VERIFY = "/api/v1/me/verification"
PHONE = str(RESIDENT.facts["phone"])
UNVERIFIED = Person("resident", verified=False)


class District:
    """A receiver that keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    def send(self, key: str, envelope: bytes) -> str:
        self.heard.append(orjson.loads(envelope))
        return key

    def hears(self) -> list[tuple[str, dict[str, Any]]]:
        """Return (kind, payload) of all there is to tell."""
        sweep = delivery_sweep(lambda: self)
        while sweep.run():
            pass
        return [(event["kind"], event["payload"]) for event in self.heard]


@pytest.fixture(autouse=True)
def _nobody_has_agreed_yet(app: Flask) -> None:
    with transaction():
        write("DELETE FROM consent")


def slug(answer: Any) -> str:
    return str(answer.json["type"]).rsplit(":", 1)[-1]


def pointers(answer: Any) -> list[str]:
    return [fault["pointer"] for fault in answer.json["errors"]]


def who_i_am(**more: object) -> dict[str, object]:
    facts = PEOPLE["resident"]
    return {"name": facts["name"], "id_number": facts["id_number"], **more}


def test_whoever_agrees_while_being_verified_is_told_of_with_the_phone(sign_in: Client) -> None:
    resident = sign_in(UNVERIFIED)
    answer = resident.post(VERIFY, who_i_am(share_phone=True, phone="+86 " + PHONE))
    assert answer.status_code == 204
    ((kind, told),) = District().hears()
    (given,) = read("SELECT given_at, withdrawn_at FROM consent")
    assert kind == "phone-bound"
    assert told == {
        "resident_sid": PEOPLE["resident"]["sid"],
        "phone": PHONE,
        "purpose": "phone-sharing",
        "agreed_at": given.given_at.isoformat(),
    }
    assert given.withdrawn_at is None
    assert (resident.get("/api/v1/me").json or {})["shares_phone"] is True


@pytest.mark.parametrize("more", [{}, {"share_phone": False}, {"phone": PHONE}])
def test_whoever_does_not_agree_is_not_told_of(sign_in: Client, more: dict[str, object]) -> None:
    resident = sign_in(UNVERIFIED)
    assert resident.post(VERIFY, who_i_am(**more)).status_code == 204
    assert District().hears() == []
    assert read("SELECT 1 FROM consent") == []
    assert (resident.get("/api/v1/me").json or {})["shares_phone"] is False


@pytest.mark.parametrize("agreed", [1, 0, "true", "yes", None, []])
def test_nobody_agrees_by_something_that_is_not_a_yes(sign_in: Client, agreed: object) -> None:
    answer = sign_in(UNVERIFIED).post(VERIFY, who_i_am(share_phone=agreed, phone=PHONE))
    assert (slug(answer), pointers(answer)) == ("invalid", ["/share_phone"])


@pytest.mark.parametrize("phone", [None, "12345", str(NEIGHBOUR.facts["phone"])])
def test_only_the_phone_of_the_account_is_shared_and_a_wrong_one_verifies_nobody(
    sign_in: Client, phone: str | None
) -> None:
    resident = sign_in(UNVERIFIED)
    answer = resident.post(VERIFY, who_i_am(share_phone=True, phone=phone))
    assert (slug(answer), pointers(answer)) == ("invalid", ["/phone"])
    assert (resident.get("/api/v1/me").json or {})["level"] == 1
    assert District().hears() == []


def test_a_verified_resident_agrees_withdraws_and_agrees_again(sign_in: Client) -> None:
    resident, district = sign_in(RESIDENT), District()
    for _ in range(2):
        assert resident.post(SHARING, {"phone": PHONE}).status_code == 204
        district.hears()
        assert resident.delete(SHARING).status_code == 204
        district.hears()
    assert resident.post(SHARING, {"phone": PHONE}).status_code == 204
    told = district.hears()
    assert [kind for kind, _ in told] == ["phone-bound", "phone-unbound"] * 2 + ["phone-bound"]
    assert [payload.get("phone") for _, payload in told] == [PHONE, None, PHONE, None, PHONE]
    assert {payload["resident_sid"] for _, payload in told} == {PEOPLE["resident"]["sid"]}
    assert [event["seq"] for event in district.heard] == [1, 2, 3, 4, 5]
    proof = read("SELECT withdrawn_at IS NULL AS stands FROM consent ORDER BY given_at")
    assert [row.stands for row in proof] == [False, False, True]


def test_who_has_agreed_already_is_not_told_of_twice(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    for _ in range(2):
        assert resident.post(SHARING, {"phone": PHONE}).status_code == 204
    assert len(District().hears()) == 1
    assert len(read("SELECT 1 FROM audit_entry WHERE deed = 'consent-given'")) == 1


def test_withdrawing_what_was_never_given_or_is_withdrawn_does_nothing(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    assert resident.delete(SHARING).status_code == 204
    resident.post(SHARING, {"phone": PHONE})
    for _ in range(2):
        assert resident.delete(SHARING).status_code == 204
    assert [kind for kind, _ in District().hears()] == ["phone-bound", "phone-unbound"]


def test_a_phone_that_was_not_sent_before_the_consent_was_withdrawn_never_is(
    sign_in: Client,
) -> None:
    """The district may be away for a week; what it may no longer know must not reach it then."""
    resident, district = sign_in(RESIDENT), District()
    resident.post(SHARING, {"phone": PHONE})
    resident.delete(SHARING)
    told = district.hears()
    assert [kind for kind, _ in told] == ["phone-bound", "phone-unbound"], "without a gap"
    assert PHONE not in str(told)
    assert told[0][1]["withdrawn_at"] == told[1][1]["withdrawn_at"]


def test_whoever_is_not_verified_has_nothing_to_share(sign_in: Client) -> None:
    answer = sign_in(NEWCOMER).post(SHARING, {"phone": NEWCOMER.key})
    assert slug(answer) == "level-needed"
    assert District().hears() == []


def test_a_stolen_session_does_not_find_out_the_phone_by_trying(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    for n in range(5):
        assert slug(resident.post(SHARING, {"phone": f"1999995{n:04}"})) == "invalid"
    assert slug(resident.post(SHARING, {"phone": PHONE})) == "too-many"


def test_consent_is_written_down_and_the_phone_is_not(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    resident.post(SHARING, {"phone": PHONE})
    resident.delete(SHARING)
    entries = read(
        "SELECT deed, account_id, facts FROM audit_entry WHERE deed LIKE 'consent%%' ORDER BY id",
        {},
    )
    account = account_of(RESIDENT)
    assert entries == [
        ("consent-given", account, {"to": "phone-sharing"}),
        ("consent-withdrawn", account, {"of": "phone-sharing"}),
    ]


def test_the_phone_lies_sealed_until_it_is_sent(sign_in: Client) -> None:
    sign_in(RESIDENT).post(SHARING, {"phone": PHONE})
    (row,) = read("SELECT id, payload_sealed, o::text AS whole FROM outbox o")
    assert PHONE not in row.whole
    assert PHONE.encode().hex() not in row.whole
    assert PHONE in vault.open("outbox.payload", row.id, row.payload_sealed)
