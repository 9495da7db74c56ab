"""Whether there is anything to prepare: asked first, because a start should be quick."""

import json
from pathlib import Path

import psycopg

from app.database import conninfo_of
from app.launch.surroundings import CHECKOUT

VERSIONS = CHECKOUT / "app" / "database" / "migrations" / "versions"


def is_prepared(url: str, sample: Path) -> bool:
    """Tell whether the database has the newest migration and every stream of the sample, whole."""
    manifest = json.loads((sample / "manifest.json").read_text("utf-8"))
    newest = max(path.name for path in VERSIONS.glob("[0-9]*.py")).partition("_")[0]
    try:
        with psycopg.connect(conninfo_of(url), connect_timeout=5, autocommit=True) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            read = connection.execute(
                "SELECT stream FROM sync_checkpoint WHERE fresh_at IS NOT NULL"
            ).fetchall()
    except psycopg.errors.UndefinedTable:
        return False
    return version == (newest,) and {each["stream"] for each in manifest["files"]} <= {
        stream for (stream,) in read
    }
