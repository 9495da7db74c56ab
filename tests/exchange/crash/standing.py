"""How things stand: all that readings leave, without times and numbers that differ by chance."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.database import read, transaction, write
from app.privacy import vault
from app.sync import Stream
from app.sync.inward.booked import BOOKED
from app.sync.inward.buckets import Sums
from app.sync.models import OUTCOMES
from tests.exchange.crash.feed import ERASED
from tests.exchange.crash.records import SOURCE, STAFF_PHONES

NAMES = ("residents", "households", "addresses", "areas", "departments", "staff")
COUNTED = ("in", *OUTCOMES, "waiting", "home")
Stand = dict[str, list[Any]]

OURS = {
    "area": "code LIKE 'CRASH%%'",
    "department": "code LIKE 'CRASH%%'",
    "staff_grant": "staff_sid LIKE 'CRASH%%'",
    "address": "sid LIKE 'CRASH%%'",
    "household": "sid LIKE 'CRASH%%'",
    "resident": "sid LIKE 'CRASH%%'",
}
BOOKS = (
    "checkpoint", "batch", "quarantine", "bucket", "tally", "run", "drift", "suppressed", "code",
)  # fmt: skip
SEALED_FOR = {"staff_grant": "staff", "resident": "resident"}
"""To which entity what is sealed in a table of the product is bound."""

PHONES = "SELECT phone_index FROM account WHERE id = %(id)s"
"""An account has a number by chance, and is known by its phone."""

FORGET_ACCOUNTS = "DELETE FROM account WHERE phone_index = ANY(%(phones)s)"
ERASE = """
INSERT INTO sync_suppressed (source, stream, sid_index) VALUES (%(source)s, 'residents', %(index)s)
"""
MIRROR = "SELECT * FROM {mirror} WHERE source = %(source)s ORDER BY sid"
TOUCHED = "SELECT xmin::text || ctid::text FROM {table} WHERE {ours} ORDER BY 1"
ASKED = {
    "buckets": "SELECT stream, bucket, n, versions, content FROM sync_bucket WHERE {ours}"
    " AND (n <> 0 OR versions <> 0 OR content <> 0)",
    "tallied": "SELECT stream FROM sync_tally WHERE {ours}",
    "quarantine": "SELECT stream, digest, sid, code, field, times, status, ver"
    " FROM sync_quarantine WHERE {ours}",
    "sums": "SELECT stream, "
    + ", ".join(f"sum(n_{each})::int AS n_{each}" for each in COUNTED)
    + " FROM sync_batch WHERE {ours} GROUP BY stream",
    "held": "SELECT h.stream, h.n_missing, h.n_live, k.sid, k.ver FROM sync_hold h"
    " LEFT JOIN sync_held_key k ON k.hold_id = h.id WHERE h.{ours} AND status = 'held'",
    "codes": "SELECT stream, code, sid FROM sync_code WHERE {ours}",
    "drift": "SELECT stream, kind, subject, detail::text, times FROM sync_drift"
    " WHERE {ours} AND kind <> 'VOLUME'",
    "volume": "SELECT stream, kind, detail::text FROM sync_drift WHERE {ours} AND kind = 'VOLUME'",
    "checkpoints": "SELECT stream, cursor::text, read_digest, fresh_at IS NOT NULL"
    " FROM sync_checkpoint WHERE {ours}",
    "at work": "SELECT stream FROM sync_run WHERE {ours} AND status = 'running'",
    "linked": "SELECT r.sid, a.level FROM account a JOIN resident r ON a.resident_id = r.id"
    " WHERE r.sid LIKE 'CRASH%%'",
    "left over": "SELECT s.run_id FROM sync_seen s JOIN sync_run r ON r.id = s.run_id"
    " WHERE r.{ours} AND r.status = 'running'",
    "outbox": "SELECT kind, count(*) FROM outbox GROUP BY kind",
}

BY_CHANCE = {"drift", "volume", "sums"}
"""What depends on who was where when: how often a doubt was noted, and who waited for whom."""

TIMES = 5
"""Where a row of the quarantine says how often it came."""


def named(streams: Iterable[Stream]) -> dict[str, Stream]:
    """Return the streams that the made-up source tells, by name."""
    return {stream.name: stream for stream in streams if stream.name in NAMES}


def clean(streams: Mapping[str, Stream]) -> None:
    """Take away all that the made-up source ever left, and erase the one who must stay away."""
    with transaction():
        for stream in streams.values():
            write(f"DELETE FROM {stream.mirror.name} WHERE source = '{SOURCE}'")
        for table, ours in OURS.items():
            write(f"DELETE FROM {table} WHERE {ours}", {})
        for book in BOOKS:
            write(f"DELETE FROM sync_{book} WHERE source = '{SOURCE}'")
        write("DELETE FROM sync_seen")
        write(FORGET_ACCOUNTS, {"phones": [vault.index("phone", each) for each in STAFF_PHONES]})
        held = f"(SELECT id FROM sync_hold WHERE source = '{SOURCE}')"
        write(f"DELETE FROM sync_held_key WHERE hold_id IN {held}")
        write(f"DELETE FROM sync_hold WHERE source = '{SOURCE}'")
        write(ERASE, erased_one())


def erased_one() -> dict[str, object]:
    """Return the parameters of ``ERASE``: who must stay away."""
    return {"source": SOURCE, "index": vault.index("sid", ERASED)}


def standing(streams: Mapping[str, Stream]) -> Stand:
    """Return all that the readings left, in the clear and in order."""
    found = {f"mirror of {name}": mirror_rows(stream) for name, stream in streams.items()}
    for table in OURS:
        found[table] = sorted(product_rows(table), key=repr)
    for what, sql in ASKED.items():
        asked = sql.format(ours=f"source = '{SOURCE}'")
        found[what] = sorted((tuple(row) for row in read(asked, {})), key=repr)
    return found


def told_once(stand: Stand) -> Stand:
    """Return what does not depend on how often it was told."""
    same = {what: rows for what, rows in stand.items() if what not in BY_CHANCE}
    same["quarantine"] = [row[:TIMES] + row[TIMES + 1 :] for row in stand["quarantine"]]
    same["checkpoints"] = [(stream, digest) for stream, _, digest, _ in stand["checkpoints"]]
    return same


def mirror_rows(stream: Stream) -> list[Any]:
    """Return the rows of a mirror: key, version, hash, state, the fields opened, and indexes."""
    rows = read(MIRROR.format(mirror=stream.mirror.name), {"source": SOURCE})
    return [
        (
            row.sid,
            row.ver,
            bytes(row.hash),
            row.deleted_by,
            row.deleted_at is None,
            row.waits_for,
            opened(stream, row),
            {name: getattr(row, name) for name in stream.stored_columns() if is_index(name)},
        )
        for row in rows
    ]


def is_index(name: str) -> bool:
    return name.endswith("_index")


def product_rows(table: str) -> list[dict[str, Any]]:
    """Return what the product shows in a table, all of it, in the clear; accounts as phones."""
    found = []
    for row in read(f"SELECT * FROM {table} WHERE {OURS[table]}", {}):
        shown = row._asdict()
        shown.pop("id", None)
        if "account_id" in shown:
            ((shown["phone_index"],),) = read(PHONES, {"id": shown.pop("account_id")})
        for name in [each for each in shown if each.endswith("_sealed")]:
            field, sealed = name.removesuffix("_sealed"), bytes(shown.pop(name))
            key = shown.get("sid") or shown["staff_sid"]
            shown[field] = vault.open(f"{SEALED_FOR[table]}.{field}", key, sealed)
        found.append(shown)
    return found


def opened(stream: Stream, row: Any) -> dict[str, str | None]:
    """Return the fields of a row of the mirror."""
    found: dict[str, str | None] = {}
    for field in stream.fields:
        value = getattr(row, field.column)
        if field.sealed and value is not None:
            value = vault.open(stream.place(field), row.sid, bytes(value))
        found[field.name] = value
    return found


def touched(streams: Mapping[str, Stream]) -> Sequence[Any]:
    """Return which version of which row is where: it differs once anything was written."""
    tables = {stream.mirror.name: f"source = '{SOURCE}'" for stream in streams.values()}
    tables |= OURS | {"sync_bucket": f"source = '{SOURCE}'"}
    asked = {name: TOUCHED.format(table=name, ours=ours) for name, ours in tables.items()}
    return [(name, [row[0] for row in read(sql, {})]) for name, sql in asked.items()]


def recounted(stream: Stream) -> list[Any]:
    """Return the buckets as they are when the mirror is counted anew, empty ones left out."""
    live = [row for row in mirror_rows(stream) if row[4]]
    sums = Sums()
    sums.add([row[0] for row in live], [row[1] for row in live], b"".join(r[2] for r in live))
    weights = [1 << (30 * place) for place in range(5)]

    def whole(limbs: Any) -> int:
        return sum(int(n) * weight for n, weight in zip(limbs, weights, strict=False))

    return [
        (bucket, int(n), whole(sums.versions[:, bucket]), whole(sums.content[:, bucket]))
        for bucket, n in enumerate(sums.n)
        if n
    ]


def booked(stream: Stream) -> list[Any]:
    """Return the buckets as the books have them, empty ones left out."""
    sql = (
        f"SELECT bucket, n, versions, content FROM ({BOOKED}) booked"
        " WHERE n <> 0 OR versions <> 0 OR content <> 0 ORDER BY bucket"
    )
    rows = read(sql, {"source": SOURCE, "stream": stream.name})
    return [(row.bucket, row.n, int(row.versions), int(row.content)) for row in rows]
