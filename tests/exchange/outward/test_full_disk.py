"""A full disk costs no outcome: what cannot be written whole is not there, and stays unsent."""

import json
import os
import subprocess
import sys
from typing import IO
from uuid import uuid4

import pytest
from flask import Flask

from app.settings import Settings
from tests.exchange.outward.full_disk import LYING
from tests.exchange.outward.telling import all_due_now, rows, told
from tests.surroundings import ROOT, environment

ROOT_THERE = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
APART = ["unshare", "--mount", *ROOT_THERE]
LONG = "a" * 100_000
SMALL = {"no room for the envelope": "size=64k", "no room for its mark": "size=1m,nr_inodes=3"}


def may_mount() -> bool:
    """Tell whether this machine lets us have a disk of our own."""
    try:
        return subprocess.run([*APART, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def heard(worker: IO[str]) -> tuple[str, dict[str, int]]:
    """Return what a worker logged, and what it then says lies in its folder."""
    log: list[str] = []
    for line in worker:
        if line.startswith(LYING):
            return "".join(log), json.loads(line.removeprefix(LYING))
        log.append(line)
    raise AssertionError("".join(log))


@pytest.mark.skipif(not may_mount(), reason="no disk may be mounted here, not even a small one")
@pytest.mark.parametrize("limit", SMALL.values(), ids=SMALL.keys())
def test_on_a_full_disk_an_outcome_is_whole_or_absent_and_stays_unsent(
    app: Flask, settings: Settings, limit: str
) -> None:
    """The kernel itself says no, in the middle of the file or at its mark; later it is sent."""
    subject = uuid4()
    told(subject, LONG)
    name = f"trial-{subject}-000001"
    given = environment(settings.database_url, settings.exchange_out.parent)
    with subprocess.Popen(
        [*APART, sys.executable, "-m", "tests.exchange.outward.full_disk", limit],
        cwd=ROOT,
        env={**os.environ, **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as worker:
        assert worker.stdin
        assert worker.stdout
        log, full = heard(worker.stdout)
        (waiting,) = rows(subject)
        all_due_now()
        worker.stdin.write("\n")
        worker.stdin.flush()
        _, whole = heard(worker.stdout)
    assert f"{name}.ok" not in full
    assert full in ({}, {f"{name}.json": whole[f"{name}.json"]}), "half a file, or a draft"
    assert (waiting.sent_at, waiting.receipt, waiting.parked_at) == (None, None, None)
    assert waiting.wait > 0
    assert whole.keys() == {f"{name}.json", f"{name}.ok"}
    assert whole[f"{name}.json"] > len(LONG)
    assert rows(subject)[0].receipt == f"file:{name}.json"
    assert "No space left on device" in log
