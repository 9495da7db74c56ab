"""A database of the edition before, full of records, becomes one of this edition."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.sync.inward.buckets import BUCKET_SQL, VERSION_SQL
from tests.surroundings import ROOT, create_database, database_url, drop_database, environment

MANY = 20_000
FILL = f"""
INSERT INTO src_households (source, sid, ver, hash, address_sid, tenure, first_batch, last_batch)
SELECT 'district', 'H' || n, n % 7 + 1, decode(md5(n::text), 'hex'), 'A' || n, 'owner', 1, 1
FROM generate_series(1, {MANY}) n;
INSERT INTO src_matters (source, sid, ver, hash, code, first_batch, last_batch)
SELECT s, 'M' || n, 1, decode(md5(s || n), 'hex'), 'C' || n, b, b
FROM generate_series(1, 50) n, (VALUES ('late', 2), ('district', 1)) AS v(s, b);
INSERT INTO sync_checkpoint (source, stream, cursor, fence)
VALUES ('district', 'households', '{{"done": 20000}}', 3);
"""
ALL_COUNTED = f"""
SELECT count(*) AS n FROM (
  SELECT {BUCKET_SQL} AS bucket, count(*) AS n, sum({VERSION_SQL}) AS versions
  FROM src_households GROUP BY 1) m
JOIN sync_bucket b ON b.source = 'district' AND b.stream = 'households' AND b.bucket = m.bucket
  AND b.n = m.n AND b.versions = m.versions
"""


@pytest.fixture
def before(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Yield an empty database of its own, and a folder."""
    name = f"linli_upgrade_{os.getpid()}"
    create_database(name, "template0")
    url = database_url(name)
    yield url, tmp_path
    drop_database(url)


def migrate(url: str, folder: Path, *to: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", *to],
        cwd=ROOT,
        env={**os.environ, **environment(url, folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_full_database_of_the_edition_before_is_brought_up(before: tuple[str, Path]) -> None:
    """Books are made of what is there, hashes are of the old edition, all is read once more."""
    url, folder = before
    migrate(url, folder, "upgrade", "0006")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL)
    migrate(url, folder, "upgrade", "head")
    with psycopg.connect(url, autocommit=True) as connection:

        def value(sql: str) -> object:
            return (connection.execute(sql.encode()).fetchone() or (None,))[0]

        assert value("SELECT count(*) FROM src_households WHERE deleted_at IS NULL") == MANY
        odd = "SELECT count(*) FROM src_households WHERE get_byte(hash, 0) <> 0"
        assert value(f"{odd} OR length(hash) <> 16") == 0
        assert value("SELECT sum(n) FROM sync_bucket WHERE stream = 'households'") == MANY
        buckets = value("SELECT count(*) FROM sync_bucket WHERE stream = 'households'")
        assert value(ALL_COUNTED) == buckets
        assert value("SELECT cursor::text FROM sync_checkpoint") == "{}"
        first = "SELECT count(*) FROM sync_code WHERE stream = 'matters' AND source = 'district'"
        assert value(first) == 50, "a code belongs to whoever had it first"
