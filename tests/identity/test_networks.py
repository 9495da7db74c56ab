"""A subscriber has a whole IPv6 /64: other addresses in it win nobody another try at any door."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.database import read
from app.identity.limits import Limit
from tests.people import Caller
from tests.signing_in import slug

IN_ONE = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2:1:2:3:4")
ELSEWHERE = "2001:db8:1:3::1"
DOORS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a code sent": (
        "app.identity.codes.issuing.PER_NETWORK",
        "/api/v1/sign-in/challenges",
        {"phone": "19904150033"},
    ),
    "a code tried": (
        "app.identity.sign_in.codes.TRIES_PER_NETWORK",
        "/api/v1/sessions",
        {"challenge_id": str(uuid4()), "code": "042117", "device": "x"},
    ),
    "a password": (
        "app.identity.sign_in.passwords.PER_NETWORK",
        "/api/v1/sessions/password",
        {"phone": "19904150033", "password": "春江水暖鸭先知", "device": "x"},
    ),
    "a provider": (
        "app.identity.sign_in.arriving.PER_NETWORK",
        "/api/v1/sessions/providers/wechat",
        {"provider_code": "0a1B2c3D", "device": "x"},
    ),
}


@pytest.mark.parametrize(("limit", "path", "body"), DOORS.values(), ids=DOORS.keys())
def test_addresses_of_one_subscriber_share_their_tries(
    nobody: Caller, monkeypatch: pytest.MonkeyPatch, limit: str, path: str, body: dict[str, Any]
) -> None:
    monkeypatch.setattr(limit, Limit("of-network", 2, timedelta(hours=1)))

    def knock(address: str) -> str:
        answer = nobody.post(path, body, environ_base={"REMOTE_ADDR": address})
        return "" if answer.status_code < 300 else slug(answer)

    told = [knock(address) for address in IN_ONE]
    assert "too-many" not in told[:2]
    assert told[2] == "too-many"
    assert knock(ELSEWHERE) != "too-many"
    rows = read("SELECT n FROM attempt_counter WHERE kind = 'of-network' ORDER BY n")
    assert [row.n for row in rows] == [1, 3], "counted before anything was checked, and kept"


EVERYBODYS = {
    "a code sent": "app.identity.codes.issuing.EVERYBODY",
    "a code tried": "app.identity.sign_in.codes.TRIES_OF_EVERYBODY",
    "a password": "app.identity.sign_in.passwords.EVERYBODY",
    "a provider": "app.identity.sign_in.arriving.EVERYBODY",
}


@pytest.mark.parametrize("door", DOORS)
def test_everybody_together_has_so_many_tries_at_a_door(
    nobody: Caller, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """Whatever number is said, from whatever address: a flood from everywhere has an end."""
    _, path, body = DOORS[door]
    monkeypatch.setattr(EVERYBODYS[door], Limit("of-everybody", 2, timedelta(hours=1)))
    told = []
    for n in range(1, 5):
        said = body | ({"phone": f"1990415003{n}"} if "phone" in body else {})
        answer = nobody.post(path, said, environ_base={"REMOTE_ADDR": f"198.51.100.{n}"})
        told.append("" if answer.status_code < 300 else slug(answer))
    assert "too-many" not in told[:2]
    assert told[2:] == ["too-many"] * 2
    assert [row.n for row in read("SELECT n FROM attempt_counter WHERE kind = 'of-everybody'")] == [
        4
    ]
