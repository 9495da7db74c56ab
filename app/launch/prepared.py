"""Whether there is anything to prepare: asked first, because a start should be quick."""

import psycopg

from app.database import conninfo_of
from app.launch.surroundings import CHECKOUT

VERSIONS = CHECKOUT / "app" / "database" / "migrations" / "versions"


def is_prepared(url: str) -> bool:
    """Tell whether the database has the newest migration and holds a district."""
    newest = max(path.name for path in VERSIONS.glob("[0-9]*.py")).partition("_")[0]
    try:
        with psycopg.connect(conninfo_of(url), connect_timeout=5, autocommit=True) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            district = connection.execute("SELECT 1 FROM area LIMIT 1").fetchone()
    except psycopg.errors.UndefinedTable:
        return False
    return version == (newest,) and district is not None
