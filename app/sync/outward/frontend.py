"""Outcomes inserted into a table of the district's front-end database (前置库).

    [out]
    kind = "mysql"
    url_env = "DISTRICT_DB_OUT"     # an account that may INSERT into and SELECT from this table
    table = "QZK.T_BJJG"
    columns = {key = "WYBS", envelope = "NR", kind = "LX"}

``key`` and ``envelope`` are needed; ``kind``, ``subject_kind``, ``subject_id`` and ``seq`` may be
told in columns of their own. The table must be unique by the key's column alone: that is how the
same outcome, sent twice, is taken once.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from app.settings.section import ConfigRefused, Section
from app.sync.connectors.frontend import dialect_of
from app.sync.connectors.frontend.checking import names_in
from app.sync.connectors.frontend.dialect import Query
from app.sync.connectors.frontend.session import insert, session
from app.sync.connectors.frontend.settings import (
    Database,
    TableName,
    read_name,
    read_table_name,
    read_terms,
)
from app.sync.connectors.protocol import SourceAway, SourceRefused
from app.sync.outward.protocol import Declined, KeyReused, Undelivered

NEEDED = ("key", "envelope")
TOLD = ("kind", "subject_kind", "subject_id", "seq")
KEY_REUSED = "key-reused"
PATIENCE = timedelta(seconds=4)  # the outbox has a patience of its own, and others wait in it


class FrontEndOut:
    """Inserts one row an outcome; each in a connection of its own, so that threads may share it."""

    def __init__(self, database: Database, table: TableName, columns: Mapping[str, str]) -> None:
        self._database = database
        self._table = table
        self._columns = columns
        self._unique = False

    def send(self, key: str, envelope: bytes) -> str:
        """Insert an envelope and return the receipt; what is there already is left as it is.

        Raises:
            Undelivered: no database, no right to write, no unique key: nothing about the envelope.
            KeyReused: another envelope stands there under its key.
            Declined: a value of this envelope does not fit its column.
        """
        try:
            self._check_unique()
            if not insert(self._database, self._row(key, envelope)):
                self._compare(key, envelope)
        except SourceAway as fault:
            raise Undelivered(str(fault)) from None
        except SourceRefused as fault:
            if fault.code == "UNFIT":
                raise Declined(str(fault)) from None
            raise Undelivered(str(fault)) from None
        return f"{self._database.dialect.kind}:{key}"[:200]

    def _row(self, key: str, envelope: bytes) -> Query:
        try:
            words = envelope.decode()
            content = json.loads(words)
            told = {name: content[name] for name in self._columns if name in TOLD}
        except (ValueError, KeyError, TypeError):
            raise Declined("the envelope does not have what the columns tell") from None
        values = {"key": key, "envelope": words, **told}
        dialect = self._database.dialect
        query = Query(dialect)
        theirs = ", ".join(dialect.quoted(each) for each in self._columns.values())
        marks = ", ".join(query.value(values[each]) for each in self._columns)
        query.words = f"INSERT INTO {dialect.quoted(*self._table)} ({theirs}) VALUES ({marks})"
        return query

    def _check_unique(self) -> None:
        """Refuse to send where a repeat would not be noticed."""
        if self._unique:
            return
        with session(self._database) as held:
            unique = names_in(held, held.dialect.catalogue.unique, self._table)
        if self._columns["key"] not in unique:
            raise Undelivered(f"the table has no unique key on {self._columns['key']} alone")
        self._unique = True

    def _compare(self, key: str, envelope: bytes) -> None:
        """Refuse what was not inserted, unless it is there: it may have met another unique key."""
        dialect = self._database.dialect
        query = Query(dialect)
        where = f"{dialect.quoted(self._columns['key'])} = {query.value(key)}"
        what, table = dialect.quoted(self._columns["envelope"]), dialect.quoted(*self._table)
        query.words = f"SELECT {what} FROM {table} WHERE {where}"
        with session(self._database) as held:
            found = held.rows(query)
        if not found:
            raise Undelivered("another unique key of the table is in the way")
        if _content(found[0][0]) != json.loads(envelope):
            raise KeyReused(KEY_REUSED)


def _content(there: object) -> object:
    """Return what a table holds for an envelope, however it spells it; a driver may have read it.

    What is no JSON is no envelope of ours.
    """
    if not isinstance(there, str | bytes | bytearray):
        return there
    try:
        return json.loads(there)
    except ValueError:
        return None


def configured(section: Section) -> FrontEndOut:
    """Return the transport that ``[out]`` with the kind of a database describes.

    Raises:
        ConfigRefused
    """
    section.only("kind", "url_env", "timeout", "table", "columns")
    dialect = dialect_of(section.text("kind"))
    columns = section.table("columns")
    columns.only(*NEEDED, *TOLD)
    if missing := [each for each in NEEDED if each not in columns.values]:
        raise ConfigRefused(f"{columns.title} lacks {' and '.join(missing)}")
    terms = read_terms(section, dialect, PATIENCE)
    names = {each: read_name(columns, each) for each in columns.values}
    database = Database(dialect, terms, timedelta())
    return FrontEndOut(database, read_table_name(section, "table"), names)
