"""Whether one process reads or several, what is here afterwards is the same."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.database import read
from app.privacy import vault
from app.settings import Settings
from tests.exchange.drops import District, mirrored, sample_rows
from tests.surroundings import ROOT, environment

STREAMS = ("addresses", "households", "residents")


def load_apart(folder: Path, settings: Settings, tmp_path: Path, processes: int) -> str:
    """Load a drop as an operator does, in a process that may fork others."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "load", str(folder)]
    done = subprocess.run(
        [*command, "--processes", str(processes)],
        cwd=ROOT,
        env={**os.environ, **environment(settings.database_url, tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def standing(district: District) -> dict[str, Any]:
    """Return mirrors, product and books as far as they do not name the time or a number."""
    found: dict[str, Any] = {}
    for name in STREAMS:
        stream = district.named(name)
        rows = [row._asdict() for row in mirrored(name, "*")]
        for row in rows:
            for field in stream.fields:
                if field.sealed and row[field.column] is not None:
                    place = stream.place(field)
                    row[field.column] = vault.open(place, row["sid"], row[field.column])
            row["first_batch"] = row["last_batch"] = None
        found[stream.mirror.name] = rows
    found["household"] = read("SELECT sid, address_sid FROM household WHERE sid LIKE 'TRY%%'", {})
    found["resident"] = read("SELECT sid, id_number_index FROM resident WHERE sid LIKE 'TRY%%'", {})
    found["bucket"] = read("SELECT * FROM sync_bucket WHERE source = 'try-out'")
    found["bad"] = read("SELECT digest, code, times FROM sync_quarantine WHERE source = 'try-out'")
    counts = "n_in, n_inserted, n_updated, n_same, n_duplicate, n_bad, n_waiting, n_home"
    found["batches"] = read(
        f"SELECT stream, {counts} FROM sync_batch WHERE source = 'try-out' ORDER BY id"
    )
    found["far"] = read("SELECT stream, cursor FROM sync_checkpoint WHERE source = 'try-out'")
    return {
        table: sorted(map(str, rows)) if table != "batches" else list(map(str, rows))
        for table, rows in found.items()
    }


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_two_processes_leave_what_one_leaves(
    district: District, settings: Settings, tmp_path: Path, again: bool
) -> None:
    """A first load, which is sealed ahead in them, and one in which little has changed."""
    records = {name: list(sample_rows(name))[:400] for name in STREAMS}
    records["residents"][7]["id_number"] = "1"
    records["residents"].append(records["residents"][0])
    ends = []
    for processes in (0, 2):
        district.forget()
        if again:
            district.drop("", False, **records)
            district.load()
        newer = [{**row, "ver": "2"} for row in records["households"][:9]]
        district.drop("again", False, **records | {"households": newer + records["households"][9:]})
        said = load_apart(district.folder, settings, tmp_path, processes)
        assert "1 in quarantine" in said
        ends.append(standing(district))
    for table, rows in ends[0].items():
        assert ends[1][table] == rows, table
    assert all(ends[0][table] for table in ends[0])
