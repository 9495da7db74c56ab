"""Oracle (12c and later) through oracledb in its thin mode: no client has to be installed.

Names are quoted, so the settings spell them as Oracle keeps them: ``RKXX``, not ``rkxx``. An
Oracle DATE always has a time; one at midnight is told as a day.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import oracledb

from app.sync.connectors.frontend.dialect import Catalogue, Connection, Dialect, Faults, Row, Terms
from app.sync.connectors.frontend.parts import in_parts

OWNER = "COALESCE({schema}, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA'))"

SINCE = "(CAST({0} AS TIMESTAMP) - TIMESTAMP '1970-01-01 00:00:00')"
SECONDS = (
    f"EXTRACT(DAY FROM {SINCE}) * 86400 + EXTRACT(HOUR FROM {SINCE}) * 3600"
    f" + EXTRACT(MINUTE FROM {SINCE}) * 60 + EXTRACT(SECOND FROM {SINCE})"
)
"""Through an interval: casting to DATE rounds the fraction up or off, as the release will."""

CATALOGUE = Catalogue(
    leading=f"""
SELECT column_name FROM all_ind_columns
WHERE table_owner = {OWNER} AND table_name = {{table}} AND column_position = 1""",
    unique=f"""
SELECT MIN(c.column_name) FROM all_indexes i
JOIN all_ind_columns c ON c.index_owner = i.owner AND c.index_name = i.index_name
WHERE i.table_owner = {OWNER} AND i.table_name = {{table}} AND i.uniqueness = 'UNIQUE'
GROUP BY i.owner, i.index_name HAVING COUNT(*) = 1""",
    writes=f"""
SELECT privilege FROM user_tab_privs
WHERE owner = {OWNER} AND table_name = {{table}} AND privilege IN ('INSERT', 'UPDATE', 'DELETE')
UNION SELECT privilege FROM session_privs
WHERE privilege IN ('INSERT ANY TABLE', 'UPDATE ANY TABLE', 'DELETE ANY TABLE')
UNION SELECT 'OWNER' FROM all_tables
WHERE owner = {OWNER} AND table_name = {{table}} AND owner = USER""",
)

NAMES: dict[str, tuple[str, ...]] = {
    "NO_SUCH_COLUMN": ("ORA-00904",),
    "NO_SUCH_TABLE": ("ORA-00942", "ORA-04043"),
    "NO_ACCESS": ("ORA-01017", "ORA-01031", "ORA-01045", "ORA-28000", "ORA-28001", "ORA-41900"),
    "UNFIT": ("ORA-12899", "ORA-02290", "ORA-01461"),
    "REPEATED": ("ORA-00001",),
    # sessions or processes used up, starting or stopping, lost, cancelled, snapshot too old
    "AWAY": (
        *("ORA-00018", "ORA-00020", "ORA-00028", "ORA-01012", "ORA-01013", "ORA-01033"),
        *("ORA-01034", "ORA-01089", "ORA-01090", "ORA-01092", "ORA-01555", "ORA-02396"),
        *("ORA-03113", "ORA-03114", "ORA-03135", "ORA-12170", "ORA-12514", "ORA-12516"),
        *("ORA-12519", "ORA-12520", "ORA-12528", "ORA-12537", "ORA-12541", "ORA-12547"),
        *("DPY-1001", "DPY-4011", "DPY-4024", "DPY-6000", "DPY-6001", "DPY-6003", "DPY-6005"),
    ),
}
CODES = {code: name for name, codes in NAMES.items() for code in codes}


def _connect(terms: Terms) -> Connection:
    parts = urlsplit(terms.url)
    connection = oracledb.connect(
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        dsn=f"{parts.hostname}:{parts.port or 1521}/{parts.path.lstrip('/')}",
        tcp_connect_timeout=terms.connect_within,
    )
    try:
        connection.call_timeout = int(terms.timeout.total_seconds() * 1000)
        cursor = connection.cursor()
        cursor.execute(f"ALTER SESSION SET TIME_ZONE = '{terms.zone}'")
        if not terms.writes:
            cursor.execute("SET TRANSACTION READ ONLY")  # one snapshot until it ends
    except BaseException:
        connection.close()
        raise
    return connection


def _tolerant(connection: Connection) -> None:
    def lenient(cursor: Any, column: Any) -> Any:
        if column.type_code in (oracledb.DB_TYPE_VARCHAR, oracledb.DB_TYPE_CHAR):
            return cursor.var(str, arraysize=cursor.arraysize, encoding_errors="surrogateescape")
        return None

    connection.outputtypehandler = lenient


def _stream(
    connection: Connection, words: str, values: Sequence[Any], most: int
) -> Iterator[Sequence[Row]]:
    with connection.cursor() as cursor:
        cursor.arraysize = most
        if values:
            # a moment is sent as DATE, without its fraction, unless one says otherwise
            cursor.setinputsizes(*(_size(value) for value in values))
        cursor.execute(words, list(values), fetch_lobs=False)
        yield from in_parts(cursor.fetchmany, most)


def _size(value: Any) -> Any:
    if isinstance(value, datetime) and value.microsecond:
        return oracledb.DB_TYPE_TIMESTAMP
    return None


def _code(fault: Exception) -> str:
    return str(getattr(fault.args[0], "full_code", "0")) if fault.args else "0"


ORACLE = Dialect(
    kind="oracle",
    schemes=("oracle",),
    connect=_connect,
    stream=_stream,
    tolerant=_tolerant,
    faults=Faults((oracledb.Error,), _code, CODES),
    catalogue=CATALOGUE,
    mark=":{0}",
    quotes='"',
    limit="FETCH FIRST {0} ROWS ONLY",
    clock="SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual",
    text="TO_CHAR({0})",
    length="LENGTH({0})",
    joined="{0} || ':' || {1}",
    micros=f"(ROUND(({SECONDS}) * 1000000) - ({{1}}))",
    bucket="TO_NUMBER(SUBSTR(RAWTOHEX(STANDARD_HASH({0}, 'MD5')), 1, 3), 'XXX')",
    weight="TO_NUMBER(SUBSTR(RAWTOHEX(STANDARD_HASH({0}, 'MD5')), 1, 15), 'XXXXXXXXXXXXXXX')",
    midnight_is_day=True,
)
