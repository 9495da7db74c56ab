"""MySQL and MariaDB through PyMySQL.

The server turns whatever character set a table has into UTF-8. Bytes that a UTF-8 table should
never have held come as they are and are found row by row. A zero date (``0000-00-00``) is no date.
"""

import codecs
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import conversions
from pymysql.cursors import SSCursor

from app.sync.connectors.frontend.dialect import Catalogue, Connection, Dialect, Faults, Row, Terms
from app.sync.connectors.frontend.parts import in_parts

CODEC = "linli_utf8_or_surrogates"
LATE = 30  # seconds that a socket waits beyond the time a statement has
UNKNOWN_VARIABLE = 1193

MINE = """CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''',
  SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''')"""
WRITING = f"grantee = {MINE} AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE')"
INDEXES = """information_schema.statistics
WHERE table_schema = COALESCE({schema}, DATABASE()) AND table_name = {table}"""

CATALOGUE = Catalogue(
    leading=f"SELECT column_name FROM {INDEXES} AND seq_in_index = 1",
    unique=f"""
SELECT MIN(column_name) FROM {INDEXES} AND non_unique = 0
GROUP BY index_name HAVING COUNT(*) = 1""",
    writes=f"""
SELECT privilege_type FROM information_schema.user_privileges WHERE {WRITING}
UNION SELECT privilege_type FROM information_schema.schema_privileges
WHERE {WRITING} AND COALESCE({{schema}}, DATABASE()) LIKE table_schema
UNION SELECT privilege_type FROM information_schema.table_privileges
WHERE {WRITING} AND table_schema = COALESCE({{schema}}, DATABASE()) AND table_name = {{table}}""",
)

NAMES: dict[str, tuple[int, ...]] = {
    "NO_SUCH_COLUMN": (1054,),
    "NO_SUCH_TABLE": (1146, 1049, 1109),
    "NO_ACCESS": (1044, 1045, 1142, 1143, 1227, 1356, 1698),
    "UNFIT": (1264, 1292, 1366, 1406, 3819, 4025),
    "REPEATED": (1062, 1586),
    # too many connections or users, going down, locked, killed, out of time, out of disk
    "AWAY": (
        *(0, 1021, 1037, 1038, 1040, 1041, 1053, 1077, 1079, 1105, 1152, 1153, 1156, 1157, 1158),
        *(1159, 1160, 1161, 1184, 1203, 1205, 1206, 1213, 1226, 1290, 1317, 1412, 1836, 1969, 3024),
    ),
}
CODES = {str(code): name for name, codes in NAMES.items() for code in codes}


def _moment(words: str | bytes) -> datetime | str | None:
    found = words if isinstance(words, str) else words.decode("ascii")
    try:
        return datetime.fromisoformat(found)
    except ValueError:
        return None if found.startswith("0000-00-00") else found


def _day(words: str | bytes) -> date | str | None:
    found = words if isinstance(words, str) else words.decode("ascii")
    try:
        return date.fromisoformat(found)
    except ValueError:
        return None if found == "0000-00-00" else found


def _bits(content: bytes) -> int:
    return int.from_bytes(content, "big")


READ: Any = {
    **conversions,
    FIELD_TYPE.TIMESTAMP: _moment,
    FIELD_TYPE.DATETIME: _moment,
    FIELD_TYPE.DATE: _day,
    FIELD_TYPE.BIT: _bits,
}


def _connect(terms: Terms) -> Connection:
    parts = urlsplit(terms.url)
    seconds = max(1, int(terms.timeout.total_seconds()))
    options = dict(parse_qsl(parts.query))
    authority = options.get("ssl_ca")
    connection = pymysql.connect(
        host=parts.hostname or "localhost",
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")) or None,
        unix_socket=options.get("unix_socket"),
        charset="utf8mb4",
        conv=READ,
        connect_timeout=terms.connect_within,
        read_timeout=seconds + min(LATE, seconds),
        write_timeout=min(LATE, seconds),
        program_name="linli",
        ssl={"ca": authority} if authority else None,
    )
    try:
        _set(connection, terms, seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def _set(connection: Connection, terms: Terms, seconds: int) -> None:
    maria = "MariaDB" in connection.get_server_info()
    limit = f"max_statement_time = {seconds}" if maria else f"max_execution_time = {seconds * 1000}"
    with connection.cursor() as cursor:
        cursor.execute(f"SET time_zone = '{terms.zone}'")
        try:
            cursor.execute(f"SET SESSION {limit}")
        except pymysql.err.OperationalError as fault:
            if fault.args[0] != UNKNOWN_VARIABLE:  # an old server; the socket's patience remains
                raise
        if not terms.writes:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")


def _decode(content: Any, _errors: str = "strict") -> tuple[str, int]:
    return codecs.utf_8_decode(content, "surrogateescape", True)


def _codec(name: str) -> codecs.CodecInfo | None:
    return codecs.CodecInfo(codecs.utf_8_encode, _decode, name=CODEC) if name == CODEC else None


codecs.register(_codec)


def _tolerant(connection: Connection) -> None:
    connection.encoding = CODEC


class _Leaving(SSCursor):
    """A cursor that can be left before its end: by itself it would read on to there."""

    _result: Any

    def leave(self) -> None:
        """Hang up; a server cannot be stopped in the middle of an answer in any other way."""
        self._result.unbuffered_active = False
        self.connection.close()


def _stream(
    connection: Connection, words: str, values: Sequence[Any], most: int
) -> Iterator[Sequence[Row]]:
    with connection.cursor(_Leaving) as cursor:
        cursor.execute(words, values)
        try:
            yield from in_parts(cursor.fetchmany, most)
        except GeneratorExit:
            cursor.leave()
            raise


def _code(fault: Exception) -> str:
    return str(fault.args[0]) if fault.args else "0"


def _otherwise(code: str) -> str:
    return "AWAY" if code.startswith("2") and len(code) == 4 else "QUERY_FAILED"


MYSQL = Dialect(
    kind="mysql",
    schemes=("mysql", "mariadb"),
    connect=_connect,
    stream=_stream,
    tolerant=_tolerant,
    faults=Faults((pymysql.err.Error,), _code, CODES, _otherwise),
    catalogue=CATALOGUE,
    mark="%s",
    url_options=frozenset({"unix_socket", "ssl_ca"}),
    quotes="`",
    limit="LIMIT {0}",
    clock="SELECT UTC_TIMESTAMP(6)",
    text="CAST({0} AS CHAR CHARACTER SET utf8mb4)",
    joined="CONCAT({0}, ':', {1})",
    micros="(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', {0}) - ({1}))",
    bucket="CAST(CONV(SUBSTR(MD5({0}), 1, 3), 16, 10) AS UNSIGNED)",
    weight="CAST(CONV(SUBSTR(MD5({0}), 1, 15), 16, 10) AS UNSIGNED)",
)
