"""Records in a shared front-end database (前置库): tables that the district fills and we only read.

    source = "district"
    kind = "postgresql"          # postgresql, mysql (MariaDB too), oracle, kingbase, dameng

    [database]
    url_env = "DISTRICT_DB"      # the variable that holds mysql://reader:…@10.1.2.3:3306/qzk
    late_commit = "10m"          # how long a transaction over there may last
    timeout = "5m"               # how long one statement may take
    utc_offset = "+08:00"        # what the clock on their wall shows

    [streams.residents]
    table = "QZK.T_RKXX"
    columns = {sid = "RYID", ver = "BB", name = "XM", phone = "LXDH"}
    changed = "GXSJ"             # when a row was last written, or a number that only rises
    changed_kind = "time"        # or "sequence", then with overlap_rows
    deleted = "SCBZ"
    deleted_is = "1"
    complete = true              # the table holds every record that lives

Plain SQL through the plain drivers: an ORM's dialect stumbles over the version texts of the
databases that are spoken to as PostgreSQL but are not.
"""

import pkgutil

from app.settings.section import ConfigRefused
from app.sync.connectors.config import SourceConfig
from app.sync.connectors.frontend.connector import FrontEnd
from app.sync.connectors.frontend.dialect import Dialect
from app.sync.connectors.frontend.settings import read_settings

DIALECTS = {
    "postgresql": ("postgresql:POSTGRESQL", "psycopg"),
    "kingbase": ("postgresql:KINGBASE", "psycopg"),
    "mysql": ("mysql:MYSQL", "PyMySQL"),
    "oracle": ("oracle:ORACLE", "oracledb"),
    "dameng": ("dameng:DAMENG", "dmPython"),
}


def dialect_of(kind: str) -> Dialect:
    """Return how a kind of database is spoken to; only its own driver is loaded.

    Raises:
        ConfigRefused: there is no such kind, or its driver is not installed.
    """
    if kind not in DIALECTS:
        raise ConfigRefused(f"kind must be one of {', '.join(DIALECTS)}")
    name, driver = DIALECTS[kind]
    try:
        found: Dialect = pkgutil.resolve_name(f"{__name__}.{name}")
    except ImportError as fault:
        words = f"the driver for {kind} is not installed: pip install {driver}"
        raise ConfigRefused(words) from fault
    return found


def configured(config: SourceConfig) -> FrontEnd:
    """Return the connector of a source whose kind is one of the databases.

    Nothing is connected yet.

    Raises:
        ConfigRefused
    """
    return FrontEnd(config.source, *read_settings(config, dialect_of(config.kind)))
