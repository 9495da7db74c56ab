"""Dameng (达梦) through dmPython, a proprietary driver that is not ours to ship.

Its SQL is close to Oracle's. What may differ between its releases (MD5 in SQL) is reckoned here
instead of there.
"""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any
from urllib.parse import unquote, urlsplit

from app.sync.connectors.frontend.dialect import Catalogue, Connection, Dialect, Faults, Row, Terms
from app.sync.connectors.frontend.parts import in_parts

OWNER = "COALESCE({schema}, USER)"

driver: Any = import_module("dmPython")
"""Looked up by name: an extra that most installations do not have."""

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
WHERE owner = {OWNER} AND table_name = {{table}} AND privilege IN ('INSERT', 'UPDATE', 'DELETE')""",
)

CODES = {
    "-2111": "NO_SUCH_COLUMN",
    "-2207": "NO_SUCH_COLUMN",
    "-2103": "NO_SUCH_TABLE",
    "-2106": "NO_SUCH_TABLE",
    "-2501": "NO_ACCESS",
    "-5501": "NO_ACCESS",
    "-5504": "NO_ACCESS",
    "-5512": "NO_ACCESS",
    "-6169": "UNFIT",
    "-6602": "REPEATED",
    "-6001": "AWAY",
    "-6010": "AWAY",
    "-70018": "AWAY",
    "-70019": "AWAY",
    "-70028": "AWAY",
}


def _connect(terms: Terms) -> Connection:
    parts = urlsplit(terms.url)
    connection = driver.connect(
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        server=parts.hostname,
        port=parts.port or 5236,
        autoCommit=False,
        login_timeout=terms.connect_within,
        connection_timeout=max(1, int(terms.timeout.total_seconds())),
    )
    if not terms.writes:
        try:
            connection.cursor().execute("SET TRANSACTION READ ONLY")
        except BaseException:
            connection.close()
            raise
    return connection


def _stream(
    connection: Connection, words: str, values: Sequence[Any], most: int
) -> Iterator[Sequence[Row]]:
    cursor = connection.cursor()
    try:
        cursor.execute(words, tuple(values))
        yield from in_parts(cursor.fetchmany, most)
    finally:
        cursor.close()


def _code(fault: Exception) -> str:
    found = re.search(r"\[CODE:(-?[0-9]+)\]", str(fault))
    return found[1] if found else "0"


def _otherwise(code: str) -> str:
    return "AWAY" if code.startswith("-70") else "QUERY_FAILED"


DAMENG = Dialect(
    kind="dameng",
    schemes=("dameng", "dm"),
    connect=_connect,
    stream=_stream,
    faults=Faults((driver.Error,), _code, CODES, _otherwise),
    catalogue=CATALOGUE,
    mark="?",
    quotes='"',
    limit="FETCH FIRST {0} ROWS ONLY",
    clock="SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) FROM dual",
    text="CAST({0} AS VARCHAR)",
    length="LENGTH({0})",
    joined="{0} || ':' || {1}",
    micros="",
)
