"""What no duty covers waits for consent, says what is missing, and stops when it is withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest

from app.database import read, transaction, write
from app.rights.purposes import DUTIES, PURPOSES
from tests.identity.households import CHILD, Registered, clerk_of, guarding, resident_id, slug
from tests.people import PEOPLE, RESIDENT, Caller, Person, proved
from tests.requests_of import NEW

Client = Callable[[Person], Caller]
CONSENTS, REQUESTS, REVEALS = "/api/v1/me/consents", "/api/v1/requests", "/api/v1/reveals"
LOCATION = {"purpose": "precise-location"}


def filed(caller: Caller, **place: str) -> Any:
    return caller.post(REQUESTS, {**NEW, "place": {**NEW["place"], **place}})


def test_where_a_phone_is_becomes_the_place_of_a_case_only_with_consent(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    refused = filed(resident, **{"from": "device"})
    assert (refused.status_code, slug(refused)) == (403, "consent-needed")
    assert refused.json["purpose"] == "precise-location"
    assert read("SELECT 1 FROM service_request") == []
    assert resident.post(CONSENTS, LOCATION).status_code == 204
    case = filed(resident, **{"from": "device"})
    assert case.status_code == 201
    assert case.json["timeline"][0]["facts"]["place_from"] == "device"
    assert resident.delete(f"{CONSENTS}/precise-location").status_code == 204
    assert slug(filed(resident, **{"from": "device"})) == "consent-needed"
    kept = resident.get(f"{REQUESTS}/{case.json['request']['id']}").json or {}
    assert kept["request"]["lng"] == case.json["request"]["lng"]


def test_a_place_picked_on_a_map_wants_no_consent(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    for place in ({"from": "map"}, {}):
        case = filed(resident, **place)
        assert case.status_code == 201
        assert "place_from" not in case.json["timeline"][0]["facts"]
    assert filed(resident, **{"from": "guess"}).status_code == 422


def test_a_consent_to_other_words_counts_no_more(sign_in: Client) -> None:
    resident = sign_in(RESIDENT)
    resident.post(CONSENTS, LOCATION)
    with transaction():
        write("UPDATE consent SET edition = edition - 1")
    assert slug(filed(resident, **{"from": "device"})) == "consent-needed"
    assert resident.post(CONSENTS, LOCATION).status_code == 204
    assert filed(resident, **{"from": "device"}).status_code == 201
    rows = read("SELECT edition, withdrawn_at IS NULL AS stands FROM consent ORDER BY given_at")
    current = PURPOSES["precise-location"].edition
    assert [tuple(row) for row in rows] == [(current - 1, False), (current, True)]


def test_staff_see_an_identity_number_beyond_their_duty_only_where_the_person_agrees(
    sign_in: Client,
) -> None:
    desk = proved(sign_in(clerk_of("DDHT-XQ-LT")))
    resident = sign_in(RESIDENT)
    body = {"kind": "resident", "id": str(resident_id(PEOPLE["resident"]["sid"]))}
    body |= {"field": "id_number", "words": "代填社保表"}
    for reason in ("identity-check", "emergency", "correction"):
        assert desk.post(REVEALS, body | {"reason": reason}).status_code == 201
    for reason in ("form", "visit", "call-back"):
        refused = desk.post(REVEALS, body | {"reason": reason})
        assert (refused.status_code, slug(refused)) == (403, "not-agreed"), reason
    resident.post(CONSENTS, {"purpose": "identity-number"})
    assert desk.post(REVEALS, body | {"reason": "form"}).status_code == 201
    resident.delete(f"{CONSENTS}/identity-number")
    assert slug(desk.post(REVEALS, body | {"reason": "form"})) == "not-agreed"
    phone = body | {"field": "phone", "reason": "call-back"}
    assert desk.post(REVEALS, phone).status_code == 201
    assert len(read("SELECT 1 FROM reveal")) == 5


@pytest.mark.parametrize("purpose", ["precise-location", "identity-number"])
def test_a_child_under_14_agrees_to_nothing_alone(sign_in: Client, purpose: str) -> None:
    child = sign_in(Registered("19999990031", sid=CHILD["sid"]))
    assert slug(child.post(CONSENTS, {"purpose": purpose})) == "guardian-needed"
    assert slug(filed(child, **{"from": "device"})) == "consent-needed"
    assert read("SELECT 1 FROM consent") == []


def test_a_child_under_14_gives_the_phone_to_nobody_by_any_door(sign_in: Client) -> None:
    """Three operations lead to that consent; a guardian's word for an account is none for it."""
    phone, newcomer = "19999990031", Person("19999990032", verified=False)
    child, head = sign_in(Registered(phone, sid=CHILD["sid"])), sign_in(RESIDENT)
    for path, body in (
        ("/api/v1/me/phone-sharing", {"phone": phone}),
        (CONSENTS, {"purpose": "phone-sharing", "phone": phone}),
    ):
        answer = child.post(path, body)
        assert (answer.status_code, slug(answer)) == (403, "guardian-needed"), path
    with transaction():
        write(
            "UPDATE account SET resident_id = NULL, level = 1 WHERE resident_id = %(child)s",
            {"child": resident_id(CHILD["sid"])},
        )
    guardianship = guarding(head)
    assert head.post(f"/api/v1/guardianships/{guardianship['id']}/consent").status_code == 200
    who = {"name": CHILD["name"], "id_number": CHILD["id_number"]}
    shared = {**who, "share_phone": True, "phone": newcomer.key}
    anew = sign_in(newcomer)
    assert slug(anew.post("/api/v1/me/verification", shared)) == "guardian-needed"
    assert anew.post("/api/v1/me/verification", who).status_code == 204
    assert read("SELECT 1 FROM consent") == []
    assert read("SELECT 1 FROM outbox WHERE kind = 'phone-bound'") == []


def test_people_are_told_what_is_done_without_asking_them(sign_in: Client) -> None:
    shown = (sign_in(RESIDENT).get("/api/v1/me/data").json or {})["done_by_duty"]
    assert [each["words_zh"] for each in shown] == [duty.words.zh for duty in DUTIES]
    assert all(each["words_en"] and each["basis"].startswith("PIPL") for each in shown)
