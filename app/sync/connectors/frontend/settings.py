"""The settings of a front-end database: which tables, whose columns mean what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from app.settings.section import ConfigRefused, Section
from app.sync.connectors.config import SourceConfig
from app.sync.connectors.frontend.dialect import Dialect, Terms

NAME = re.compile(r"[^\W\d][\w$#]{0,127}")
"""Letters of any script (columns are named in Chinese, too), no quotes, points or blanks."""

OURS = re.compile(r"[a-z][a-z0-9_]{0,62}")
OFFSET = re.compile(r"([+-])([01][0-9]):([0-5][0-9])")
AT_CHANGED = "@changed"
LATE_COMMIT = timedelta(minutes=10)
TIMEOUT = timedelta(minutes=5)
OVERLAP = 10_000

TableName = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StreamTable:
    """One stream and the table it is read from.

    ``columns`` are ours and theirs, ``sid`` first; ``ver`` is not among them if the version is
    ``changed`` itself. ``deleted_is`` None: whatever stands in ``deleted`` marks a deletion.
    """

    stream: str
    table: TableName
    columns: Mapping[str, str]
    changed: str
    changed_kind: Literal["time", "sequence"]
    overlap: int
    deleted: str | None
    deleted_is: str | None
    complete: bool
    ack_table: TableName | None

    @property
    def sid(self) -> str:
        """Return their name of the key."""
        return self.columns["sid"]

    @property
    def ver(self) -> str | None:
        """Return their name of the version; None if it is ``changed``."""
        return self.columns.get("ver")


@dataclass(frozen=True, slots=True)
class Database:
    """Where the tables are and how their transactions behave."""

    dialect: Dialect
    terms: Terms
    late_commit: timedelta


def read_settings(
    config: SourceConfig, dialect: Dialect
) -> tuple[Database, Mapping[str, StreamTable]]:
    """Return the database and its streams, in the order of the file.

    Raises:
        ConfigRefused
    """
    options = config.options
    options.only("url_env", "late_commit", "timeout", "utc_offset")
    late_commit = options.period("late_commit", LATE_COMMIT)
    if late_commit < timedelta(seconds=1):
        raise ConfigRefused(f"{options.title}.late_commit must be at least 1s")
    database = Database(dialect, read_terms(options, dialect), late_commit)
    if not config.streams:
        raise ConfigRefused("streams: name at least one")
    return database, {name: _stream(name, part) for name, part in config.streams.items()}


def read_terms(section: Section, dialect: Dialect, patience: timedelta = TIMEOUT) -> Terms:
    """Return where to connect and for how long; the address is never repeated in words.

    Raises:
        ConfigRefused
    """
    url = section.secret("url_env")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ConfigRefused(f"{section.title}.url_env does not hold a URL") from None
    if parts.scheme not in dialect.schemes:
        wanted = " or ".join(f"{scheme}://" for scheme in dialect.schemes)
        raise ConfigRefused(f"{section.title}.url_env must hold a URL that begins with {wanted}")
    given = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if dialect.url_options is not None and (strange := given - dialect.url_options):
        raise ConfigRefused(f"{section.title}.url_env: {', '.join(sorted(strange))} is not known")
    offset = OFFSET.fullmatch(section.text("utc_offset", "+08:00"))
    if not offset:
        raise ConfigRefused(f"{section.title}.utc_offset must look like +08:00")
    behind = -1 if offset[1] == "-" else 1
    wall = behind * timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return Terms(url, section.period("timeout", patience), wall)


def read_name(section: Section, key: str, value: str | None = None) -> str:
    """Return the name of a column that is safe to stand in SQL, quoted."""
    found = section.text(key) if value is None else value
    if not NAME.fullmatch(found):
        raise ConfigRefused(f"{section.title}.{key} must be a plain name")
    return found


def read_table_name(section: Section, key: str) -> TableName:
    """Return the name of a table, perhaps with its schema before a point."""
    parts = tuple(section.text(key).split("."))
    if len(parts) > 2 or not all(NAME.fullmatch(part) for part in parts):
        raise ConfigRefused(f"{section.title}.{key} must be a table, or schema.table")
    return parts


def _stream(name: str, section: Section) -> StreamTable:
    section.only(
        *("table", "columns", "changed", "changed_kind", "overlap_rows"),
        *("deleted", "deleted_is", "complete", "ack_table"),
    )
    kind = section.text("changed_kind", "time")
    if kind not in ("time", "sequence"):
        raise ConfigRefused(f"{section.title}.changed_kind must be time or sequence")
    if kind == "time" and "overlap_rows" in section.values:
        raise ConfigRefused(f"{section.title}.overlap_rows is for changed_kind sequence")
    if "deleted_is" in section.values and "deleted" not in section.values:
        raise ConfigRefused(f"{section.title}.deleted_is needs deleted")
    return StreamTable(
        stream=name,
        table=read_table_name(section, "table"),
        columns=_columns(section.table("columns")),
        changed=read_name(section, "changed"),
        changed_kind="time" if kind == "time" else "sequence",
        overlap=section.whole("overlap_rows", OVERLAP, low=1, high=10_000_000),
        deleted=read_name(section, "deleted") if "deleted" in section.values else None,
        deleted_is=section.text("deleted_is") if "deleted_is" in section.values else None,
        complete=section.yes("complete", False),
        ack_table=read_table_name(section, "ack_table") if "ack_table" in section.values else None,
    )


def _columns(section: Section) -> Mapping[str, str]:
    if missing := [each for each in ("sid", "ver") if each not in section.values]:
        raise ConfigRefused(f"{section.title} lacks {' and '.join(missing)}")
    if "op" in section.values:
        raise ConfigRefused(f"{section.title}.op: say deleted and deleted_is")
    found = {"sid": read_name(section, "sid")}
    for ours in section.values:
        if not OURS.fullmatch(ours):
            raise ConfigRefused(f"{section.title} names a field that cannot be one of ours")
        theirs = section.text(ours)
        if (ours, theirs) != ("ver", AT_CHANGED):
            found[ours] = read_name(section, ours, theirs)
    return found
