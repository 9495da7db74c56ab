"""Every door that takes a number, a phone, a name, a code or words refuses what cannot be one.

By name, pointing at the field; nothing of it is written, and nothing of it is repeated.
"""

from typing import Any

import pytest
from flask import Flask

from app.database import read, transaction, write
from tests.identity.desk import PASSPORT
from tests.identity.doors import ALL, NUMBER_DOORS, PHONE_DOORS, Client, Door, proof
from tests.identity.test_bad_input import NUL, SURROGATE
from tests.signing_in import slug


@pytest.fixture(autouse=True)
def _no_second_desk(app: Flask) -> Any:
    yield
    with transaction():
        write("DELETE FROM staff_grant WHERE staff_sid = 'DOORS'")


@pytest.mark.parametrize(
    ("door", "value"),
    [(door, value) for door, _, value in ALL],
    ids=[f"{door.name}-{door.takes}-{name}" for door, name, _ in ALL],
)
def test_what_cannot_be_is_refused_at_every_door(sign_in: Client, door: Door, value: Any) -> None:
    answer, before, after = door.bring(sign_in, value)
    assert (answer.status_code, slug(answer)) == (422, "invalid"), answer.json
    assert {each["pointer"].split("/")[1] for each in answer.json["errors"]} >= {door.takes}
    assert after == before, "something was written"
    text = str(value)
    if len(text.strip()) > 3:
        assert text not in answer.text
        assert text[:60] not in answer.text


def written(number: str) -> list[str]:
    """Return a resident number as people write it."""
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    return [number.lower(), f" {number[:6]} {number[6:]} ", wide, wide.lower()]


@pytest.mark.parametrize("door", NUMBER_DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize("number", written("11010519491231002X"))
def test_a_number_is_read_at_every_door_as_people_write_it(
    sign_in: Client, door: Door, number: str
) -> None:
    """It is somebody's, or nobody's: whose is told to nobody, but it is a number."""
    answer, _, _ = door.bring(sign_in, number)
    assert slug(answer) == "identity-not-matched", answer.json


@pytest.mark.parametrize("door", PHONE_DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize(
    "phone", ["+86 199 0415 0099", "１９９０４１５００９９", "0086-19904150099"]
)
def test_a_phone_is_read_at_every_door_as_people_write_it(
    sign_in: Client, door: Door, phone: str
) -> None:
    answer, _, _ = door.bring(sign_in, phone)
    faults = [each["code"] for each in (answer.json or {}).get("errors", ())]
    assert "phone" not in faults, answer.json


def test_the_second_clerk_reads_a_number_that_can_be_one(sign_in: Client) -> None:
    caller, path = proof(sign_in)
    for number in ("", "E1", NUL, SURROGATE, "E" * 10_000, "１"):
        body = {"number": number, "born": PASSPORT["born"]}
        answer = caller.post(path, body, version=1)
        assert (answer.status_code, slug(answer)) == (422, "invalid"), number
        assert {each["pointer"] for each in (answer.json or {})["errors"]} == {"/number"}
    assert read("SELECT state FROM in_person_proof")[0].state == "proposed"
