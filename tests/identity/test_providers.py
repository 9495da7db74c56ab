"""A provider may say who somebody is: it makes no one of two, and is not believed blindly."""

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask

from app.database import read, transaction, write
from app.identity.limits import Limit
from app.identity.sign_in import arriving
from app.identity.sign_in.providers import keys
from app.identity.sign_in.seats import SLOW
from app.identity.ways_in import open_ways
from app.settings import SettingsRefused
from tests.identity.openid import CLIENT_ID, SECRET, OpenId
from tests.loopback import Answer, Cut, Heard, Loopback, Reply, Silence, standing
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, Caller, Person, account_of
from tests.signing_in import answered, as_holder, code_for, slug

Client = Callable[[Person], Caller]
PHONE = PEOPLE["resident"]["phone"]
TOML = """
[wechat]
kind = "wechat"
app_id = "wx0123"
secret_env = "WECHAT"
url = "{wechat}"

[district]
kind = "oidc"
issuer = "{openid}"
client_id = "linli"
secret_env = "OIDC"
redirect_uri = "https://app.example/back"
"""
SECRETS = {"WECHAT": "wechat-secret", "OIDC": SECRET}


class MiniProgram:
    """WeChat: each code once, for the openid that it was given out for."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}

    def code(self, openid: str) -> str:
        code = uuid.uuid4().hex
        self.codes[code] = openid
        return code

    def answer(self, heard: Heard) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(heard.path).query).items()}
        assert asked["appid"] == "wx0123"
        assert asked["secret"] == SECRETS["WECHAT"]
        openid = self.codes.pop(asked["js_code"], None)
        if openid is None:
            return Reply(200, {"errcode": 40029, "errmsg": "invalid code"})
        return Reply(200, {"openid": openid, "session_key": "of nobody's concern"})


@dataclass
class There:
    """Both providers, as this installation is connected to them."""

    wechat: MiniProgram
    wechat_line: Loopback
    openid: OpenId
    openid_line: Loopback


@pytest.fixture
def there(app: Flask, tmp_path: Path) -> Iterator[There]:
    wechat, openid = MiniProgram(), OpenId()
    with standing(wechat.answer) as first, standing(openid.answer) as second:
        openid.line = second
        path = tmp_path / "ways.toml"
        path.write_text(TOML.format(wechat=first.url, openid=second.url), "utf-8")
        open_ways(path, SECRETS)
        yield There(wechat, first, openid, second)
    open_ways(None, {})


def by_wechat(caller: Caller, code: str) -> Any:
    body = {"provider_code": code, "device": "小程序"}
    return caller.post("/api/v1/sessions/providers/wechat", body)


def with_phone(nobody: Caller, arrival: str, phone: str = PHONE) -> Any:
    challenge, code = code_for(nobody, phone)
    body = {"challenge_id": challenge, "code": code, "device": "小程序", "arrival": arrival}
    return nobody.post("/api/v1/sessions", body)


def visited(caller: Caller, there: There) -> dict[str, str]:
    """Go to the provider's page and come back; return what the app then shows."""
    sent = caller.post("/api/v1/sign-in/providers/district/visits")
    assert sent.status_code == 201, sent.json
    code, state = there.openid.page((sent.json or {})["go_to"])
    return {"provider_code": code, "state": state, "visit_id": (sent.json or {})["visit_id"]}


def by_openid(caller: Caller, back: dict[str, str]) -> Any:
    return caller.post("/api/v1/sessions/providers/district", back | {"device": "x"})


def accounts() -> int:
    return int(read("SELECT count(*) AS n FROM account")[0].n)


def own_code(caller: Caller, phone: str = PHONE) -> dict[str, str]:
    asked = caller.post("/api/v1/me/codes", {"purpose": "link", "phone": phone})
    challenge, code = answered(str((asked.json or {})["challenge_id"]))
    return {"challenge_id": challenge, "code": code}


def test_whoever_is_new_verifies_a_phone_first_and_is_known_from_then_on(
    app: Flask, nobody: Caller, there: There
) -> None:
    before = accounts()
    asked = by_wechat(nobody, there.wechat.code("o-1"))
    assert (asked.status_code, slug(asked)) == (409, "phone-needed")
    assert accounts() == before, "no account without a phone"
    begun = with_phone(nobody, (asked.json or {})["arrival"], "19999990055")
    assert begun.status_code == 201
    again = by_wechat(nobody, there.wechat.code("o-1"))
    assert again.status_code == 201
    mine = as_holder(app, (again.json or {})["access_token"])
    me = mine.get("/api/v1/me").json or {}
    assert (me["level"], accounts()) == (1, before + 1)
    ways = {each["way"] for each in (mine.get("/api/v1/sessions").json or {})["items"]}
    assert ways == {"code", "wechat"}
    assert "o-1" not in str(read("SELECT p::text FROM provider_link p")[0])


def test_another_person_at_the_provider_never_becomes_this_one(
    nobody: Caller, there: There
) -> None:
    first = by_wechat(nobody, there.wechat.code("o-1")).json or {}
    assert with_phone(nobody, first["arrival"]).status_code == 201
    second = by_wechat(nobody, there.wechat.code("o-2")).json or {}
    refused = with_phone(nobody, second["arrival"])
    assert (refused.status_code, slug(refused)) == (409, "provider-linked")
    assert slug(by_wechat(nobody, there.wechat.code("o-2"))) == "phone-needed"
    assert read("SELECT count(*) AS n FROM provider_link")[0].n == 1


def test_an_arrival_links_once(nobody: Caller, there: There) -> None:
    arrival = (by_wechat(nobody, there.wechat.code("o-1")).json or {})["arrival"]
    assert with_phone(nobody, arrival).status_code == 201
    assert slug(with_phone(nobody, arrival, PEOPLE["neighbour"]["phone"])) == "arrival-over"
    assert slug(with_phone(nobody, str(uuid.uuid4()))) == "arrival-over"


def test_the_holder_of_a_reissued_phone_is_linked_to_nothing(nobody: Caller, there: There) -> None:
    account = account_of(RESIDENT)
    with transaction():
        write(
            "UPDATE account SET seen_at = now() - interval '100 days' WHERE id = %(id)s",
            {"id": account},
        )
    arrival = (by_wechat(nobody, there.wechat.code("o-1")).json or {})["arrival"]
    assert slug(with_phone(nobody, arrival)) == "prove-first"
    assert read("SELECT count(*) AS n FROM provider_link")[0].n == 0


def test_people_link_and_unlink_with_a_fresh_code(
    nobody: Caller, sign_in: Client, there: There
) -> None:
    resident = sign_in(RESIDENT)
    path = "/api/v1/me/providers/wechat"
    bare = {"provider_code": there.wechat.code("o-1"), "challenge_id": str(uuid.uuid4())}
    assert slug(resident.post(path, bare | {"code": "000000"})) == "code-refused"
    linked = resident.post(path, own_code(resident) | {"provider_code": there.wechat.code("o-1")})
    assert linked.status_code == 204
    listed = (resident.get("/api/v1/me/providers").json or {})["items"]
    assert [each["provider"] for each in listed] == ["wechat"]
    assert by_wechat(nobody, there.wechat.code("o-1")).status_code == 201
    neighbour = sign_in(NEIGHBOUR)
    theirs = own_code(neighbour, PEOPLE["neighbour"]["phone"])
    stolen = neighbour.post(path, theirs | {"provider_code": there.wechat.code("o-1")})
    assert slug(stolen) == "provider-linked"
    assert resident.post(f"{path}/removal", own_code(resident)).status_code == 204
    assert slug(by_wechat(nobody, there.wechat.code("o-1"))) == "phone-needed"
    assert slug(resident.post(f"{path}/removal", own_code(resident))) == "not-found"


def test_a_closed_account_is_closed_by_every_way(nobody: Caller, there: There) -> None:
    arrival = (by_wechat(nobody, there.wechat.code("o-1")).json or {})["arrival"]
    with_phone(nobody, arrival)
    with transaction():
        write(
            "UPDATE account SET status = 'closed' WHERE id = %(id)s", {"id": account_of(RESIDENT)}
        )
    assert slug(by_wechat(nobody, there.wechat.code("o-1"))) == "provider-refused"


WECHAT: dict[str, tuple[Answer | None, str]] = {
    "a code of nobody's": (None, "provider-refused"),
    "a code used before": (Reply(200, {"errcode": 40163}), "provider-refused"),
    "a blocked user": (Reply(200, {"errcode": 40226}), "provider-refused"),
    "a busy platform": (Reply(200, {"errcode": -1, "errmsg": "busy"}), "provider-away"),
    "too many calls": (Reply(200, {"errcode": 45011}), "provider-away"),
    "no openid": (Reply(200, {"session_key": "x"}), "provider-away"),
    "an openid that is no text": (Reply(200, {"openid": 7}), "provider-away"),
    "a list": (Reply(200, ["o-1"]), "provider-away"),
    "no JSON": (Reply(200, b"<html>"), "provider-away"),
    "a fault": (Reply(502, {}), "provider-away"),
    "a redirect": (Reply(302, {}, {"Location": "http://127.0.0.1:1/"}), "provider-away"),
    "too much": (Reply(200, {"openid": "x" * 400_000}), "provider-away"),
    "a cut line": (Cut(), "provider-away"),
}


@pytest.mark.parametrize(("instead", "refusal"), WECHAT.values(), ids=WECHAT.keys())
def test_wechat_may_say_no_or_nothing_sensible(
    nobody: Caller, there: There, instead: Answer | None, refusal: str
) -> None:
    before = accounts()
    if instead:
        there.wechat_line.instead.append(instead)
    answer = by_wechat(nobody, "0a1B2c3D")
    assert slug(answer) == refusal
    assert (accounts(), read("SELECT count(*) AS n FROM provider_arrival")[0].n) == (before, 0)


def test_a_silent_provider_is_waited_for_five_seconds_and_no_seat_is_lost(
    nobody: Caller, there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.identity.sign_in.providers.calling.ANSWER", 0.3)
    for _ in range(3):
        there.wechat_line.instead.append(Silence(2))
        began = time.monotonic()
        assert slug(by_wechat(nobody, "0a1B2c3D")) == "provider-away"
        assert time.monotonic() - began < 2
    assert slug(by_wechat(nobody, there.wechat.code("o-9"))) == "phone-needed"


def test_whoever_finds_the_seats_taken_is_told(nobody: Caller, there: There) -> None:
    with SLOW.taken():
        assert slug(by_wechat(nobody, there.wechat.code("o-1"))) == "sign-in-busy"


def test_somebody_signs_in_by_openid(nobody: Caller, there: There) -> None:
    asked = by_openid(nobody, visited(nobody, there))
    assert slug(asked) == "phone-needed"
    assert with_phone(nobody, (asked.json or {})["arrival"]).status_code == 201
    assert by_openid(nobody, visited(nobody, there)).status_code == 201
    there.openid.turn_keys()
    keys_were_asked = keys.AGAIN_AFTER
    keys.AGAIN_AFTER = -1.0
    try:
        assert by_openid(nobody, visited(nobody, there)).status_code == 201, "a new key is fetched"
    finally:
        keys.AGAIN_AFTER = keys_were_asked


HMAC_KEY = b"x" * 32
SPOILT: dict[str, dict[str, Any]] = {
    "for another client": {"spoil": {"aud": "somebody-else"}},
    "for two, not by us": {"spoil": {"aud": [CLIENT_ID, "other"]}},
    "by another for us": {"spoil": {"azp": "other"}},
    "of another issuer": {"spoil": {"iss": "https://elsewhere.example"}},
    "expired": {"spoil": {"exp": int(time.time()) - 60}},
    "without an end": {"spoil": {"exp": None}},
    "with another nonce": {"spoil": {"nonce": "another"}},
    "without a nonce": {"spoil": {"nonce": None}},
    "of nobody": {"spoil": {"sub": None}},
    "of an empty subject": {"spoil": {"sub": ""}},
    "unsigned": {"algorithm": "none"},
    "signed with a shared word": {"algorithm": "HS256", "sign_with": HMAC_KEY},
    "signed by a key we do not know": {"kid_shown": "unknown"},
    "signed by another's key": {"sign_with": rsa.generate_private_key(65537, 2048)},
}


@pytest.mark.parametrize("how", SPOILT.values(), ids=SPOILT.keys())
def test_a_token_that_is_not_quite_right_lets_nobody_in(
    nobody: Caller, there: There, how: dict[str, Any]
) -> None:
    for name, value in how.items():
        setattr(there.openid, name, value)
    assert slug(by_openid(nobody, visited(nobody, there))) == "provider-refused"
    assert read("SELECT count(*) AS n FROM provider_arrival")[0].n == 0


def test_a_public_key_is_no_shared_secret(nobody: Caller, there: There) -> None:
    there.openid.algorithm = "HS256"
    there.openid.sign_with = there.openid.key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert slug(by_openid(nobody, visited(nobody, there))) == "provider-refused"


def test_a_visit_comes_back_once_to_who_began_it(nobody: Caller, there: There) -> None:
    mine, theirs = visited(nobody, there), visited(nobody, there)
    mixed = {**mine, "visit_id": theirs["visit_id"]}
    assert slug(by_openid(nobody, mixed)) == "provider-refused"
    without = {"provider_code": mine["provider_code"]}
    assert slug(by_openid(nobody, without)) == "provider-refused"
    assert slug(by_openid(nobody, {**mine, "state": "x" * 43})) == "provider-refused"
    assert slug(by_openid(nobody, mine)) == "phone-needed"
    assert slug(by_openid(nobody, mine)) == "provider-refused", "a replayed code"
    exchanged = {**theirs, "provider_code": mine["provider_code"]}
    assert slug(by_openid(nobody, exchanged)) == "provider-refused"


def test_an_old_visit_is_over(nobody: Caller, there: There) -> None:
    back = visited(nobody, there)
    with transaction():
        write("UPDATE provider_visit SET expires_at = now() - interval '1 second'")
    assert slug(by_openid(nobody, back)) == "provider-refused"


def test_a_code_of_another_visit_fails_its_proof_key(nobody: Caller, there: There) -> None:
    mine, theirs = visited(nobody, there), visited(nobody, there)
    stolen = {**mine, "provider_code": theirs["provider_code"]}
    assert slug(by_openid(nobody, stolen)) == "provider-refused"


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://elsewhere.example"},
        {},
        [],
        {"issuer": "SELF", "authorization_endpoint": "http://far.example/a"},
    ],
)
def test_a_description_that_leads_elsewhere_is_not_followed(
    nobody: Caller, there: There, description: Any
) -> None:
    if isinstance(description, dict) and description.get("issuer") == "SELF":
        description = {
            **there.openid._description(),
            **description,
            "issuer": there.openid_line.url,
        }
    there.openid_line.instead.append(Reply(200, description))
    answer = nobody.post("/api/v1/sign-in/providers/district/visits")
    assert slug(answer) == "provider-away"


def test_a_provider_that_is_not_connected_is_not_there(nobody: Caller, app: Flask) -> None:
    body = {"provider_code": "x", "device": "x"}
    assert slug(nobody.post("/api/v1/sessions/providers/wechat", body)) == "not-found"
    assert slug(nobody.post("/api/v1/sign-in/providers/wechat/visits")) == "not-found"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[wechat]\nkind = 'wechat'\napp_id = 'x'", "secret_env is missing"),
        ("[wechat]\nkind = 'wechat'\napp_id = 'x'\nsecret_env = 'NONE'", "NONE is not set"),
        ("[x]\nkind = 'pigeon'", "kind must be one of"),
        ("[x]\nkind = 'oidc'\nissuer = 'http://far.example'\nredirect_uri = 'x'", "https"),
        ("[x]\nkind = 'oidc'\ntypo = 1", "does not know typo"),
        ("[X]\nkind = 'oidc'", "small letters"),
        ("kind = 'oidc'", "small letters"),
        ("[", "cannot be read"),
        (
            "[n]\nkind = 'network-identity'\nurl = 'http://far.example'\nkey_id='a'\nkey_env='K'",
            "https",
        ),
    ],
)
def test_half_a_provider_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "ways.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsRefused, match=words):
        open_ways(path, {"K": "k" * 40})
    open_ways(None, {})


def test_the_limit_counts_before_the_provider_is_asked(
    nobody: Caller, there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = Limit("provider-network", 2, timedelta(minutes=5))
    monkeypatch.setattr(arriving, "PER_NETWORK", limit)
    for _ in range(4):
        last = by_wechat(nobody, "0a1B2c3D")
    assert slug(last) == "too-many"
    assert len(there.wechat_line.heard) == 2
