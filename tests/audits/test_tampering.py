"""Of a thousand ways to falsify the trail, each is found."""

import json
import random
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from app.audits import verifying
from app.audits.verifying import Head, verify
from app.database import apart, read, transaction, write
from tests.audits.trail import past_the_product, seal_until_none_is_left, write_trail

TRIES, ENTRIES, SEED = 1000, 60, 20261125

CHANGED = {
    "at": "at + interval '1 microsecond'",
    "account_id": "gen_random_uuid()",
    "deed": "deed || 's'",
    "subject_kind": "'notice'",
    "subject_id": "gen_random_uuid()::text",
    "request_id": "'another'",
    "facts": "facts || '{\"stars\": 9}'",
    "xid": "xid + 1",
    "chain": "chain || 's'",
    "seq": "seq + 100000",
    "hash": "sha256(hash)",
}
COLUMNS = "at, account_id, deed, subject_kind, subject_id, request_id, facts, chain, xid, hash"


def change(chance: random.Random, ids: list[int]) -> None:
    column = chance.choice(sorted(CHANGED))
    sql = f"UPDATE audit_entry SET {column} = {CHANGED[column]} WHERE id = %(id)s"
    write(sql, {"id": chance.choice(ids)})


def delete(chance: random.Random, ids: list[int]) -> None:
    write("DELETE FROM audit_entry WHERE id = ANY(%(ids)s)", {"ids": chance.sample(ids, 2)})


def insert(chance: random.Random, ids: list[int]) -> None:
    """Put a copy of an entry in: after the end, or with room made for it in the middle."""
    at = chance.choice(ids)
    row = read("SELECT chain, seq FROM audit_entry WHERE id = %(id)s", {"id": at})[0]
    shift = "UPDATE audit_entry SET seq = seq + {} WHERE chain = %(chain)s AND seq > %(seq)s"
    for step in ("100001", "-100000"):
        write(shift.format(step), {"chain": row.chain, "seq": row.seq})
    write(
        f"INSERT INTO audit_entry ({COLUMNS}, seq) SELECT {COLUMNS}, seq + 1 FROM audit_entry"
        " WHERE id = %(id)s",
        {"id": at},
    )


def reorder(chance: random.Random, ids: list[int]) -> None:
    """Have two entries of a chain change places, hashes staying where they were or going along."""
    chain = read("SELECT chain FROM audit_entry WHERE id = %(id)s", {"id": chance.choice(ids)})
    rows = read(
        "SELECT id, seq, hash FROM audit_entry WHERE chain = %(chain)s", {"chain": chain[0].chain}
    )
    one, other = chance.sample(rows, 2)
    along = chance.random() < 0.5
    for row, seq in ((one, -1), (other, one.seq), (one, other.seq)):
        write("UPDATE audit_entry SET seq = %(s)s WHERE id = %(id)s", {"s": seq, "id": row.id})
    if not along:
        for row, digest in ((one, other.hash), (other, one.hash)):
            sql = "UPDATE audit_entry SET hash = %(h)s WHERE id = %(id)s"
            write(sql, {"h": digest, "id": row.id})


def truncate(chance: random.Random, ids: list[int]) -> None:
    """Cut the end off; sometimes make the chain end there, too, or the heads forgotten."""
    chain = read("SELECT chain FROM audit_entry WHERE id = %(id)s", {"id": chance.choice(ids)})
    last = read(
        "SELECT seq FROM audit_entry WHERE chain = %(chain)s ORDER BY seq DESC LIMIT 1",
        {"chain": chain[0].chain},
    )[0]
    about = {"chain": chain[0].chain, "seq": last.seq - chance.randint(1, last.seq)}
    write("DELETE FROM audit_entry WHERE chain = %(chain)s AND seq > %(seq)s", about)
    if chance.random() < 0.5:
        write(
            "UPDATE audit_chain c SET seq = %(seq)s, hash = coalesce((SELECT hash FROM"
            " audit_entry e WHERE e.chain = c.chain AND e.seq = %(seq)s), base_hash)"
            " WHERE chain = %(chain)s",
            about,
        )
    if chance.random() < 0.5:
        write("DELETE FROM audit_head WHERE chain = %(chain)s", about)


KINDS = (change, delete, insert, reorder, truncate)


class Undone(Exception):
    """The try is over."""


def test_a_thousand_random_falsifications_are_each_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(SEED)
    write_trail(ENTRIES, shared=20)
    assert verify() == []
    monkeypatch.setattr(verifying, "ISOLATED", "SELECT 1")  # it looks from inside the try
    ids = [row.id for row in read("SELECT id FROM audit_entry ORDER BY id")]
    missed: list[Any] = []
    for number in range(TRIES):
        kind = KINDS[number % len(KINDS)]
        with suppress(Undone), past_the_product():
            kind(chance, ids)
            if not verify():
                missed.append((number, kind.__name__))
            raise Undone
    assert missed == []
    assert verify() == []


def test_an_end_that_was_copied_away_finds_a_trail_that_was_written_anew(app: Flask) -> None:
    """Whoever has the database and the keys as well cannot rewrite what lies elsewhere."""
    write_trail(ENTRIES)
    kept = [Head(**json.loads(json.dumps(vars_of(each)))) for each in verifying.heads()]
    assert verify(kept) == []
    with past_the_product():
        write("UPDATE audit_entry SET seq = NULL, hash = NULL, deed = 'nothing' WHERE seq > 30")
        write("DELETE FROM audit_head")
        write(
            "UPDATE audit_chain c SET seq = 30, hash = (SELECT hash FROM audit_entry e"
            " WHERE e.chain = c.chain AND e.seq = 30) WHERE chain = 'deeds'"
        )
    seal_until_none_is_left()
    assert verify() == []
    assert {each.what for each in verify(kept)} == {"head-differs"}


def test_a_trail_cut_before_a_copied_end_and_an_invented_head_are_found(app: Flask) -> None:
    write_trail(20)
    invented = Head("deeds", 20, "00" * 32, "00" * 16)
    assert {each.what for each in verify([invented])} == {"head-differs"}
    beyond = Head("deeds", 21, "00" * 32, "00" * 16)
    assert {each.what for each in verify([beyond])} == {"head-beyond"}
    assert {each.what for each in verify([Head("gone", 1, "00", "00")])} == {"chain-missing"}


def test_the_product_itself_can_only_add(app: Flask) -> None:
    from psycopg.errors import InsufficientPrivilege

    write_trail(10)
    for sql in (
        "UPDATE audit_entry SET deed = 'x'",
        "UPDATE audit_entry SET seq = NULL",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ):
        with pytest.raises(InsufficientPrivilege), transaction():
            write(sql)
    assert apart("SELECT count(*) AS n FROM audit_entry")[0].n == 10


def vars_of(head: Head) -> dict[str, Any]:
    return {name: getattr(head, name) for name in ("chain", "seq", "hash", "mac")}
