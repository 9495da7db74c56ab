"""After a turn nothing is under an old key, nobody is lost, and no request has failed meanwhile."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from app.database import db, read, transaction, write
from app.factory import keyring_of
from app.privacy import KeyRing, Keyring, forget_subject_keys, vault
from app.settings import Settings
from app.turning import resealing
from app.turning.places import FLEETING, OTHERWISE, places
from app.turning.service import left_under_old_keys, turn
from tests.people import NEIGHBOUR, PEOPLE, RESIDENT, WORKER, Caller, Person, bearer, proved
from tests.requests_of import file
from tests.surroundings import ROOT, environment

Client = Callable[[Person], Caller]
WORDS = "三楼漏水,请来看看"


@dataclass(frozen=True)
class Rings:
    """The keys before a turn, during it, and after the old ones were taken away."""

    old: Keyring
    both: Keyring
    back: Keyring
    new: Keyring


@pytest.fixture
def rings(app: Flask, settings: Settings) -> Iterator[Rings]:
    """Return rings with fresh second keys; afterwards all is turned back to the first ones."""
    old = keyring_of(settings)
    steady = old.steady
    firsts = [dict(ring.keys) for ring in (old.data, old.wrapping, old.index)]
    seconds = [{2: os.urandom(32)} for _ in firsts]
    joined = [{**first, **second} for first, second in zip(firsts, seconds, strict=True)]
    made = Rings(
        old,
        keyring([KeyRing(keys, 2) for keys in joined], steady),
        keyring([KeyRing(keys, 1) for keys in joined], steady),
        keyring([KeyRing(keys, 2) for keys in seconds], steady),
    )
    yield made
    unlock(made.back)
    turn(app.extensions["linli.streams"], lambda _: None)
    assert left_under_old_keys(app.extensions["linli.streams"]) == {}
    unlock(old)
    with transaction():
        write("DELETE FROM key_turn")


def keyring(rings: list[KeyRing], steady: bytes) -> Keyring:
    data, wrapping, index = rings
    return Keyring(data, wrapping, index, steady)


def unlock(ring: Keyring) -> None:
    vault.unlock(ring)
    forget_subject_keys()


def turned(app: Flask) -> list[str]:
    told: list[str] = []
    turn(app.extensions["linli.streams"], told.append)
    forget_subject_keys()
    return told


def lived(app: Flask) -> str:
    resident = Caller(app, bearer(RESIDENT))
    filed = str(file(resident, words=WORDS)["request"]["id"])
    Caller(app, bearer(WORKER)).post(f"/api/v1/requests/{filed}/claim")
    correction = {"field": "name", "wanted": "冯帆", "reason": "户口本上是这个字"}
    assert resident.post("/api/v1/me/corrections", correction).status_code == 201
    return filed


def every_sealed_value_opens(app: Flask) -> int:
    opened = 0
    for place in places(app.extensions["linli.streams"]):
        sql = f"SELECT ({place.row})::text AS key, {place.column} AS sealed FROM {place.table}"
        for row in read(f"{sql} WHERE {place.column} IS NOT NULL"):
            vault.open(place.field, row.key, bytes(row.sealed))
            opened += 1
    return opened


def test_after_a_turn_the_old_keys_may_be_taken_away(app: Flask, rings: Rings) -> None:
    filed = lived(app)
    before = every_sealed_value_opens(app)
    assert before > 100
    unlock(rings.both)
    assert left_under_old_keys(app.extensions["linli.streams"])
    told = turned(app)
    assert left_under_old_keys(app.extensions["linli.streams"]) == {}
    assert any(line.startswith("resident.name_sealed: ") for line in told)
    assert all(line.endswith((" 0 sealed anew", " 0 wrapped anew")) for line in turned(app)[:1])
    unlock(rings.new)
    assert every_sealed_value_opens(app) == before
    resident = Caller(app, bearer(RESIDENT))
    shown = resident.get(f"/api/v1/requests/{filed}").json or {}
    assert shown["words"] == WORDS
    me = resident.get("/api/v1/me").json or {}
    assert me["name"][0] == PEOPLE["resident"]["name"][0]


def test_people_are_found_by_the_new_index_and_keep_their_account(app: Flask, rings: Rings) -> None:
    account = read("SELECT id FROM account ORDER BY made_at")
    lived(app)
    mine = read(
        "SELECT id FROM account WHERE phone_index = %(p)s",
        {"p": vault.index("phone", RESIDENT.facts["phone"])},
    )[0].id
    unlock(rings.both)
    turned(app)
    unlock(rings.new)
    again = read(
        "SELECT id FROM account WHERE phone_index = %(p)s",
        {"p": vault.index("phone", RESIDENT.facts["phone"])},
    )
    assert [row.id for row in again] == [mine]
    number = vault.index("id_number", PEOPLE["neighbour"]["id_number"])
    found = read("SELECT sid FROM resident WHERE id_number_index = %(n)s", {"n": number})
    assert [row.sid for row in found] == [PEOPLE["neighbour"]["sid"]]
    newcomer = Caller(app, bearer(Person("neighbour", verified=False)))
    facts = PEOPLE["neighbour"]
    body = {"name": facts["name"], "id_number": facts["id_number"]}
    assert newcomer.post("/api/v1/me/verification", body).status_code == 204
    assert len(read("SELECT id FROM account")) >= len(account)


def test_a_phone_that_the_register_does_not_know_moves_when_it_is_said(
    app: Flask, rings: Rings
) -> None:
    phone = "19977770001"
    stranger = bearer(Person(phone, verified=False))
    before = read(
        "SELECT id FROM account WHERE phone_index = %(p)s", {"p": vault.index("phone", phone)}
    )
    unlock(rings.both)
    turned(app)
    asked = Caller(app).post("/api/v1/sign-in/challenges", {"phone": phone})
    assert asked.status_code == 202
    after = read(
        "SELECT id FROM account WHERE phone_index = %(p)s", {"p": vault.index("phone", phone)}
    )
    assert (before[0].id, len(after)) == (after[0].id, 1)
    assert Caller(app, stranger).get("/api/v1/me").status_code == 200


class Killed(Exception):
    """The process ends here."""


def test_a_turn_that_dies_in_any_batch_goes_on_where_it_was(
    app: Flask, rings: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(app)
    before = every_sealed_value_opens(app)
    unlock(rings.both)
    chance, real = random.Random(7), write

    def dying(sql: str, params: Mapping[str, object] | None = None) -> list[Any]:
        if sql == resealing.MOVE and chance.random() < 0.3:
            raise Killed
        return real(sql, params)

    monkeypatch.setattr(resealing, "write", dying)
    deaths = 0
    for _ in range(500):
        try:
            turned(app)
            break
        except Killed:
            deaths += 1
            assert every_sealed_value_opens(app) == before
    assert deaths > 5
    assert left_under_old_keys(app.extensions["linli.streams"]) == {}
    unlock(rings.new)
    assert every_sealed_value_opens(app) == before


def ring_text(ring: KeyRing) -> str:
    import base64

    return " ".join(f"{n}:{base64.b64encode(key).decode()}" for n, key in ring.keys.items())


def test_a_killed_command_is_run_on(
    app: Flask, rings: Rings, settings: Settings, tmp_path: Any
) -> None:
    lived(app)
    before = every_sealed_value_opens(app)
    unlock(rings.both)
    environ = {
        **os.environ,
        **environment(settings.database_url, tmp_path),
        "LINLI_DATA_KEYS": ring_text(rings.both.data),
        "LINLI_WRAPPING_KEYS": ring_text(rings.both.wrapping),
        "LINLI_INDEX_KEYS": ring_text(rings.both.index),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "privacy", "rotate-keys"]
    killed = 0
    for first_lines in (1, 3, 6):
        with subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
        ) as running:
            assert running.stdout is not None
            for _ in range(first_lines):
                running.stdout.readline()
            running.send_signal(signal.SIGKILL)
            killed += running.wait() == -signal.SIGKILL
    assert killed == 3
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "nothing is left under an old key"
    assert left_under_old_keys(app.extensions["linli.streams"]) == {}
    assert every_sealed_value_opens(app) == before


def test_no_request_fails_while_keys_are_turned(app: Flask, rings: Rings) -> None:
    filed = lived(app)
    people = (RESIDENT, NEIGHBOUR)
    signed_in = {person: Caller(app, bearer(person)) for person in people}
    unlock(rings.both)
    over, answers = threading.Event(), []

    def work(person: Person, seed: int) -> None:
        with app.app_context():
            caller = signed_in[person]
            while not over.is_set():
                key = file(caller, words=f"{WORDS} {seed}")["request"]["id"]
                for path in ("/api/v1/me", f"/api/v1/requests/{key}", "/api/v1/me/consents"):
                    answers.append(caller.get(path).status_code)
                phone = {"phone": person.facts["phone"]}
                answers.append(caller.post("/api/v1/me/phone-sharing", phone).status_code)
                answers.append(caller.delete("/api/v1/me/phone-sharing").status_code)
            db.session.remove()

    workers = [threading.Thread(target=work, args=(p, n)) for n, p in enumerate(people)]
    for worker in workers:
        worker.start()
    until = time.monotonic() + 3
    turned(app)
    while time.monotonic() < until:
        turned(app)
    over.set()
    for worker in workers:
        worker.join(30)
    assert len(answers) > 50
    assert set(answers) <= {200, 204, 429}, sorted(set(answers))
    turned(app)
    assert left_under_old_keys(app.extensions["linli.streams"]) == {}
    unlock(rings.new)
    assert (Caller(app, bearer(RESIDENT)).get(f"/api/v1/requests/{filed}").json or {})[
        "words"
    ] == WORDS


def test_the_tables_of_places_name_only_columns_that_are(app: Flask) -> None:
    from app.database import Model

    columns = {f"{t.name}.{c.name}" for t in Model.metadata.sorted_tables for c in t.columns}
    assert set(OTHERWISE) <= columns
    assert set(FLEETING) <= columns
    assert not set(OTHERWISE) & set(FLEETING)
    for place in places(app.extensions["linli.streams"]):
        table = Model.metadata.tables[place.table]
        assert place.row in table.columns, place
        assert place.index is None or place.index in table.columns
    found = {place.index for place in places(app.extensions["linli.streams"]) if place.index}
    assert found == {
        "id_number_index",
        "phone_index",
        "representative_index",
        "representative_number_index",
        "contact_phone_index",
    }


def test_a_field_under_the_new_key_is_shown_to_staff(app: Flask, rings: Rings) -> None:
    filed = lived(app)
    unlock(rings.both)
    turned(app)
    unlock(rings.new)
    body = {
        "kind": "request",
        "id": filed,
        "field": "phone",
        "reason": "visit",
        "words": "上门看看",
    }
    shown = proved(Caller(app, bearer(WORKER))).post("/api/v1/reveals", body)
    assert (shown.json or {})["value"] == PEOPLE["resident"]["phone"]
