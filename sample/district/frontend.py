"""The district's records as tables of a front-end database (前置库), the way real ones look.

Columns are abbreviations of pinyin (XM 姓名, SFZH 身份证号, GXSJ 更新时间), times are the wall's,
and what is gone is marked (SCBZ 删除标志) rather than deleted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby, islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
import pymysql

WALL = timezone(timedelta(hours=8))
AT_ONCE = 1000

TABLES = {
    "calendar_days": "T_JJR",
    "divisions": "T_XZQH",
    "areas": "T_QY",
    "polygons": "T_QYBJ",
    "area_links": "T_QYGX",
    "departments": "T_BM",
    "matters": "T_SX",
    "duty_clauses": "T_ZRTK",
    "matter_limits": "T_SXSX",
    "dispatch_rules": "T_PDGZ",
    "not_accepted": "T_BYSL",
    "supervision_rungs": "T_DBJD",
    "capacities": "T_RL",
    "rating_reasons": "T_PJXX",
    "points": "T_FWD",
    "point_matters": "T_FWDSX",
    "staff": "T_GZRY",
    "addresses": "T_DZ",
    "households": "T_H",
    "residents": "T_RKXX",
    "enterprises": "T_QYXX",
}
KEPT = {"sid": "ID", "ver": "BB", "changed": "GXSJ", "deleted": "SCBZ"}
PEOPLE = {"name": "XM", "relation": "YHZGX"}
COLUMNS = {
    "name": "MC",
    "name_en": "YWMC",
    "code": "BM",
    "level": "JB",
    "parent_code": "SJBM",
    "valid_from": "QYRQ",
    "valid_to": "ZZRQ",
    "date": "RQ",
    "kind": "LX",
    "polygon": "BJ",
    "crs": "ZBX",
    "area_code": "QYBM",
    "division_code": "QHBM",
    "relation": "GX",
    "credit_code": "TYXYDM",
    "department_code": "BMDM",
    "handled_by": "BLFS",
    "limit_count": "SXSL",
    "limit_unit": "SXDW",
    "legal_basis": "FLYJ",
    "level_required": "RZJB",
    "address": "XXDZ",
    "lng": "JD",
    "lat": "WD",
    "phone": "LXDH",
    "opens": "KFSJ",
    "point_code": "FWDBM",
    "matter_code": "SXBM",
    "depth": "BLSD",
    "role": "JS",
    "text": "DZWB",
    "grid_code": "WGBM",
    "address_sid": "DZID",
    "tenure": "JZLX",
    "id_number": "SFZH",
    "household_sid": "HID",
    "stage": "HJ",
    "count": "SL",
    "unit": "DW",
    "pausable": "KZT",
    "extension_count": "YQSL",
    "extension_unit": "YQDW",
    "extension_by": "YQPZ",
    "priority": "YXJ",
    "clause_code": "TKBM",
    "told": "GZNR",
    "told_en": "YWGZ",
    "rung": "CJ",
    "base": "JS_RQ",
    "tells": "GZDX",
    "most": "SX_SL",
    "representative": "FDDBR",
    "representative_number": "FRSFZH",
    "contact_phone": "LXRDH",
    "status": "ZT",
}


class Change(NamedTuple):
    """A record as it is since ``updated_at`` (microseconds from the epoch); ``op`` U or D."""

    stream: str
    sid: str
    ver: int
    op: str
    fields: Mapping[str, Any]
    updated_at: int


class FrontEndTables:
    """Makes the tables and keeps the records in them; ``postgresql://`` or ``mysql://``."""

    def __init__(self, url: str) -> None:
        self._mysql = urlsplit(url).scheme in ("mysql", "mariadb")
        self._connection: Any = _open_mysql(url) if self._mysql else psycopg.connect(url)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def make(self, stream: str, fields: Sequence[str]) -> None:
        """Make the table of a stream, with the index that reading by time needs."""
        words, moment = ("TEXT", "DATETIME(6)") if self._mysql else ("text", "timestamp(6)")
        name = self._quoted(TABLES[stream])
        parts = [
            f"{self._quoted(KEPT['sid'])} VARCHAR(128) PRIMARY KEY",
            f"{self._quoted(KEPT['ver'])} BIGINT NOT NULL",
            f"{self._quoted(KEPT['deleted'])} CHAR(1) DEFAULT '0' NOT NULL",
            f"{self._quoted(KEPT['changed'])} {moment} NOT NULL",
            *(f"{self._quoted(column(stream, each))} {words}" for each in fields),
        ]
        order = f"{self._quoted(KEPT['changed'])}, {self._quoted(KEPT['sid'])}"
        with self._connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {name} ({', '.join(parts)})")
            index = self._quoted(f"IX_{TABLES[stream]}")
            cursor.execute(f"CREATE INDEX {index} ON {name} ({order})")
        self._connection.commit()

    def fill(self, changes: Iterable[Change]) -> None:
        """Keep changes in their order, a transaction for each run of one stream."""
        for (stream, fields), run in groupby(changes, lambda c: (c.stream, tuple(c.fields))):
            words = self._upsert(stream, fields)
            with self._connection.cursor() as cursor:
                while some := [_row(change) for change in islice(run, AT_ONCE)]:
                    cursor.executemany(words, some)
            self._connection.commit()

    def _upsert(self, stream: str, fields: Sequence[str]) -> str:
        names = [self._quoted(each) for each in KEPT.values()]
        names += [self._quoted(column(stream, each)) for each in fields]
        marks = ", ".join(["%s"] * len(names))
        table = self._quoted(TABLES[stream])
        said = " ".join(["INSERT INTO", table, f"({', '.join(names)})", f"VALUES ({marks})"])
        if self._mysql:
            renewed = ", ".join(f"{name} = VALUES({name})" for name in names[1:])
            return f"{said} ON DUPLICATE KEY UPDATE {renewed}"
        renewed = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
        return f"{said} ON CONFLICT ({names[0]}) DO UPDATE SET {renewed}"

    def _quoted(self, name: str) -> str:
        return f"`{name}`" if self._mysql else f'"{name}"'


def column(stream: str, field: str) -> str:
    """Return the district's name of a field."""
    if stream in ("residents", "staff") and field in PEOPLE:
        return PEOPLE[field]
    return COLUMNS.get(field, field.upper())


def settings(stream: str, fields: Sequence[str]) -> Mapping[str, Any]:
    """Return what somebody who reads the table of a stream has to know, as its settings say it."""
    theirs = {"sid": KEPT["sid"], "ver": KEPT["ver"]}
    return {
        "table": TABLES[stream],
        "columns": theirs | {each: column(stream, each) for each in fields},
        "changed": KEPT["changed"],
        "deleted": KEPT["deleted"],
        "deleted_is": "1",
        "complete": True,
    }


def _row(change: Change) -> tuple[Any, ...]:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=change.updated_at)
    wall = moment.astimezone(WALL).replace(tzinfo=None)
    gone = "1" if change.op == "D" else "0"
    return (change.sid, change.ver, wall, gone, *change.fields.values())


def _open_mysql(url: str) -> Any:
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname or "localhost",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")) or None,
        unix_socket=dict(parse_qsl(parts.query)).get("unix_socket"),
        charset="utf8mb4",
    )
