"""What is sealed opens in its own place with its own key, and nowhere else."""

import hmac
import os

import pytest
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st

from app.database import read
from app.privacy import KeyRing, Keyring, SealBroken, Vault
from tests.people import PEOPLE, RESIDENT, WORKER, Caller, bearer
from tests.requests_of import file
from tests.surroundings import owner

OLD, NEW, INDEX, WRAPPING = (os.urandom(32) for _ in range(4))
WORDS = "我家邻居冯凤的电话"
CANARIES = ["name", "id_number", "phone", "address"]


def unlocked(*keys: bytes, index: bytes = INDEX) -> Vault:
    made = Vault()
    numbered = KeyRing.of(dict(enumerate(keys, start=1)))
    made.unlock(Keyring(numbered, KeyRing.of({1: WRAPPING}), KeyRing.of({1: index}), index))
    return made


VAULT = unlocked(OLD)


@given(text=st.text(), row=st.one_of(st.integers(), st.text()))
def test_what_is_sealed_opens_again(text: str, row: object) -> None:
    sealed = VAULT.seal("resident.name", row, text)
    assert VAULT.open("resident.name", row, sealed) == text


@given(text=st.text(min_size=4))
def test_the_same_words_never_look_the_same_and_never_show(text: str) -> None:
    one, other = (VAULT.seal("resident.name", 1, text) for _ in range(2))
    assert one != other
    assert text.encode() not in one


def test_a_value_moved_to_another_row_or_field_does_not_open() -> None:
    """Nobody becomes somebody else by copying cells in the database."""
    sealed = VAULT.seal("resident.name", "R1", "冯凤")
    for field, row in (("resident.name", "R2"), ("staff.name", "R1"), ("resident.nam", "eR1")):
        with pytest.raises(SealBroken):
            VAULT.open(field, row, sealed)


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_an_altered_value_does_not_open(place: int, bit: int) -> None:
    sealed = bytearray(VAULT.seal("resident.name", "R1", "冯凤"))
    sealed[place % len(sealed)] ^= 1 << bit
    assume(sealed[0])  # 0 is the mark of a subject's: see test_subject_keys
    with pytest.raises(SealBroken):
        VAULT.open("resident.name", "R1", bytes(sealed))


@given(length=st.integers(0, 34))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    sealed = VAULT.seal("resident.name", "R1", "冯凤")
    with pytest.raises(SealBroken):
        VAULT.open("resident.name", "R1", sealed[:length])


def test_a_broken_seal_tells_where_and_never_what() -> None:
    sealed = VAULT.seal("resident.name", "R1", "冯凤")
    with pytest.raises(SealBroken) as broken:
        VAULT.open("resident.name", "R2", sealed)
    assert str(broken.value) == "resident.name"


def test_after_a_rotation_the_old_key_opens_and_the_new_one_seals() -> None:
    rotated = unlocked(OLD, NEW)
    before = VAULT.seal("resident.name", "R1", "冯凤")
    assert rotated.open("resident.name", "R1", before) == "冯凤"
    after = rotated.seal("resident.name", "R1", "冯凤")
    assert (before[0], after[0]) == (1, 2)
    with pytest.raises(SealBroken):
        VAULT.open("resident.name", "R1", after)


def test_a_rotation_of_the_sealing_key_loses_nobody() -> None:
    assert unlocked(OLD, NEW).index("phone", "1") == VAULT.index("phone", "1")


@given(text=st.text(), other=st.text())
def test_the_index_finds_the_same_and_only_the_same(text: str, other: str) -> None:
    assert VAULT.index("phone", text) == unlocked(OLD).index("phone", text)
    assert (VAULT.index("phone", text) == VAULT.index("phone", other)) == (text == other)


@given(key=st.binary(min_size=1, max_size=200), texts=st.lists(st.binary(), max_size=4))
def test_an_index_is_the_hmac_of_field_and_text_cut_to_its_length(
    key: bytes, texts: list[bytes]
) -> None:
    """What stands in the database must be found by every later edition of the library, too."""
    for field in ("phone", "sid"):  # under the index ring, and under the steady key
        whole = [hmac.digest(key, field.encode() + b"\0" + each, "sha256") for each in texts]
        found = unlocked(OLD, index=key).index_many(field, texts)
        assert found == b"".join(each[:16] for each in whole)


def test_the_index_of_one_field_or_installation_says_nothing_in_another() -> None:
    found = VAULT.index("phone", "19904150001")
    assert len(found) == 16
    assert found != VAULT.index("id_number", "19904150001")
    assert found != unlocked(OLD, index=NEW).index("phone", "19904150001")
    assert VAULT.fingerprint(b"a") != unlocked(OLD, index=NEW).fingerprint(b"a")


def dump() -> str:
    """Return every row of every table and the definition of everything, as a dump would."""
    tables = read("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    lines: list[str] = []
    with owner() as connection:
        connection.execute("SET linli.sight = 'system'")
        raw = connection.cursor()
        for (table,) in tables:
            raw.execute(f'SELECT t::text FROM "{table}" t')
            lines += [row[0] for row in raw.fetchall()]
        raw.execute("SELECT array_to_string(most_common_vals::text::text[], ' ') FROM pg_stats")
        lines += [str(row[0]) for row in raw.fetchall()]
    return "\n".join(lines)


def test_a_dump_of_the_database_names_nobody(app: Flask) -> None:
    """After loading, verifying, filing and signing for a request no person stands in any cell."""
    resident, worker = Caller(app, bearer(RESIDENT)), Caller(app, bearer(WORKER))
    filed = file(resident, words=WORDS)
    worker.get(f"/api/v1/requests/{filed['request']['id']}")
    resident.post("/api/v1/sign-in/challenges", {"phone": PEOPLE["neighbour"]["phone"]})
    found = dump()
    assert PEOPLE["resident"]["sid"] in found
    canaries = [PEOPLE[who].get(what) for who in ("resident", "neighbour") for what in CANARIES]
    canaries += [PEOPLE[who][what] for who in ("worker", "staff") for what in ("name", "phone")]
    for canary in [*canaries, WORDS]:
        assert canary not in found
        assert canary.encode().hex() not in found
        assert canary.encode("unicode_escape").decode() not in found
