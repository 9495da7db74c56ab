"""The district's records, with the time of their last change: what feed, drops and tables show."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from sample.district.books import Books
from sample.district.faults import Faults

Record: TypeAlias = dict[str, Any]

ENVELOPE = ("sid", "ver", "op", "updated_at")
KEEP = """
INSERT INTO record (stream, sid, ver, op, payload, updated_at, bucket, mark)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (stream, sid) DO UPDATE SET ver = excluded.ver, op = excluded.op,
  payload = excluded.payload, updated_at = excluded.updated_at, mark = excluded.mark
"""
SHOWN = "SELECT sid, ver, op, updated_at, payload FROM record"
HALF = 2**30
A_TIME = 5000


class Records:
    """All streams of a district; each record has a sid, a ver and the fields of its stream."""

    def __init__(self, books: Books) -> None:
        """Keep them in the books."""
        self._books, self._faults = books, Faults(books)

    def put(
        self, stream: str, records: Iterable[Mapping[str, Any]], updated_at: int | None = None
    ) -> None:
        """Keep records as they are now, all changed at one time (µs since 1970; left out: now).

        One without ``ver`` gets the next version; ``op`` "D" says that it is gone.
        """
        if updated_at is None:
            updated_at = time.time_ns() // 1000
        if late := self._faults.take("late-commit"):
            updated_at -= int(late.get("seconds", 300)) * 1_000_000
        with self._books.open() as db:
            db.execute(
                "INSERT INTO stream SELECT ?, count(*) FROM stream WHERE true"
                " ON CONFLICT DO NOTHING",
                (stream,),
            )
            db.executemany(KEEP, (_row(db, stream, each, updated_at) for each in records))

    def delete(self, stream: str, sid: str) -> None:
        """Say of a record that it is gone, in a new version without fields."""
        self.put(stream, [{"sid": sid, "op": "D"}])

    def reuse_version(self, stream: str, sid: str, **changes: Any) -> None:
        """Change a record and forget to count its version up."""
        (record,) = self.named(stream, [sid])
        self.put(stream, [{k: v for k, v in record.items() if k != "updated_at"} | changes])

    def streams(self) -> list[str]:
        """Return the streams in the order in which they were first put: the order to load them."""
        with self._books.open() as db:
            return [name for (name,) in db.execute("SELECT name FROM stream ORDER BY place")]

    def all(self, stream: str) -> Iterator[Record]:
        """Yield the live records by sid, each with sid, ver and fields."""
        after = ""
        while True:
            with self._books.open() as db:
                found = db.execute(
                    f"{SHOWN} WHERE stream = ? AND sid > ? AND op <> 'D' ORDER BY sid LIMIT ?",
                    (stream, after, A_TIME),
                ).fetchall()
            for sid, ver, _op, _time, payload in found:
                yield {"sid": sid, "ver": ver, **json.loads(payload)}
            if len(found) < A_TIME:
                return
            after = found[-1][0]

    def after(self, stream: str, since: int, after: str, limit: int) -> list[Record]:
        """Return the next records by (updated_at, sid), the deleted among them."""
        with self._books.open() as db:
            found = db.execute(
                f"{SHOWN} WHERE stream = ? AND (updated_at, sid) > (?, ?)"
                " ORDER BY updated_at, sid LIMIT ?",
                (stream, since, after, limit),
            ).fetchall()
        return [_record(*row) for row in found]

    def count_after(self, stream: str, since: int, after: str) -> int:
        """Count what is to come after a place."""
        return self._count(
            "SELECT count(*) FROM record WHERE stream = ? AND (updated_at, sid) > (?, ?)",
            (stream, since, after),
        )

    def live(self, stream: str) -> int:
        """Count the live records."""
        return self._count("SELECT count(*) FROM record WHERE stream = ? AND op <> 'D'", (stream,))

    def named(self, stream: str, sids: Sequence[str]) -> list[Record]:
        """Return the live records of these keys; those that are gone are left out."""
        sql = f"{SHOWN} WHERE stream = ? AND sid = ? AND op <> 'D'"
        with self._books.open() as db:
            found = (db.execute(sql, (stream, sid)).fetchone() for sid in sids)
            return [_record(*row) for row in found if row]

    def buckets(self, stream: str) -> dict[int, tuple[int, int]]:
        """Return for each bucket how many records live in it and the sum of their marks."""
        with self._books.open() as db:
            # added in two halves: a sum does not fit into a number of SQLite
            found = db.execute(
                "SELECT bucket, count(*), sum(mark / ?), sum(mark % ?) FROM record"
                " WHERE stream = ? AND op <> 'D' GROUP BY bucket",
                (HALF, HALF, stream),
            ).fetchall()
        return {bucket: (count, high * HALF + low) for bucket, count, high, low in found}

    def keys(
        self, stream: str, buckets: Sequence[int], after: str, limit: int
    ) -> list[tuple[str, int]]:
        """Return the next (sid, ver) by sid of the live records of these buckets."""
        with self._books.open() as db:
            found = db.execute(
                "SELECT sid, ver FROM record WHERE stream = ? AND sid > ? AND op <> 'D'"
                " AND bucket IN (SELECT value FROM json_each(?)) ORDER BY sid LIMIT ?",
                (stream, after, json.dumps(buckets), limit),
            )
            return [(sid, ver) for sid, ver in found]

    def _count(self, sql: str, values: tuple[Any, ...]) -> int:
        with self._books.open() as db:
            ((count,),) = db.execute(sql, values).fetchall()
            return int(count)


def bucket_of(sid: str) -> int:
    """Return the number made of the first 3 hex digits of MD5(sid): 0 to 4095."""
    return int(_md5(sid)[:3], 16)


def mark_of(sid: str, ver: int) -> int:
    """Return the number made of the first 15 hex digits of MD5(sid:ver)."""
    return int(_md5(f"{sid}:{ver}")[:15], 16)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _row(
    db: sqlite3.Connection, stream: str, record: Mapping[str, Any], updated_at: int
) -> tuple[Any, ...]:
    sid, ver = str(record["sid"]), record.get("ver")
    if ver is None:
        (ver,) = db.execute(
            "SELECT coalesce(max(ver), 0) + 1 FROM record WHERE stream = ? AND sid = ?",
            (stream, sid),
        ).fetchone()
    op = record.get("op") or "U"
    fields = {name: value for name, value in record.items() if name not in ENVELOPE}
    payload = json.dumps({} if op == "D" else fields, ensure_ascii=False, separators=(",", ":"))
    return stream, sid, int(ver), op, payload, updated_at, bucket_of(sid), mark_of(sid, int(ver))


def _record(sid: str, ver: int, op: str, updated_at: int, payload: str) -> Record:
    return {"sid": sid, "ver": ver, "op": op, "updated_at": updated_at, **json.loads(payload)}
