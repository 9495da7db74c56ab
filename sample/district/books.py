"""The district's own database: one SQLite file in a folder, shared by its processes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS record (
  stream TEXT NOT NULL, sid TEXT NOT NULL, ver INTEGER NOT NULL, op TEXT NOT NULL,
  payload TEXT NOT NULL, updated_at INTEGER NOT NULL,
  bucket INTEGER NOT NULL, mark INTEGER NOT NULL,
  PRIMARY KEY (stream, sid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_by_time ON record (stream, updated_at, sid);
CREATE INDEX IF NOT EXISTS record_by_bucket ON record (stream, bucket, sid);
CREATE TABLE IF NOT EXISTS stream (name TEXT PRIMARY KEY, place INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS outcome (
  key TEXT PRIMARY KEY, envelope BLOB NOT NULL, receipt TEXT NOT NULL,
  received_at INTEGER NOT NULL, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fault (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, options TEXT NOT NULL, times INTEGER);
"""
PATIENCE_SECONDS = 30


class Books:
    """The database in a folder; each use has a connection, and so a transaction, of its own."""

    def __init__(self, folder: Path) -> None:
        """Open the books in ``folder``, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "district.sqlite"
        with self.open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(TABLES)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection; what was written is kept unless the block raises."""
        db = sqlite3.connect(self._path, timeout=PATIENCE_SECONDS)
        try:
            db.execute("PRAGMA synchronous = NORMAL")
            with db:
                yield db
        finally:
            db.close()
