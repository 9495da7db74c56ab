"""A worker may be killed at any moment: the outcome arrives, whole, under the same key."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from app.settings import Settings
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.files import DRAFTS, FileDropOut
from tests.exchange.outward.telling import all_due_now, rows, told
from tests.surroundings import ROOT, environment


def killed_worker(settings: Settings, moment: str) -> int:
    """Run a worker that dies at a moment; return how it ended."""
    given = environment(settings.database_url, settings.exchange_out.parent)
    command = [sys.executable, "-m", "tests.exchange.outward.dying_worker", moment]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **given}, timeout=60, check=False)
    return done.returncode


def marked(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.ok"))


@pytest.mark.parametrize("moment", ["before", "draft", "unmarked", "after"])
def test_what_a_killed_worker_held_is_sent_again_under_the_same_key(
    app: Flask, settings: Settings, exchange_out: Path, moment: str
) -> None:
    subject = uuid4()
    told(subject, "a", "b")
    first, second = (f"trial-{subject}-00000{n}" for n in (1, 2))
    assert killed_worker(settings, moment) == -signal.SIGKILL
    assert marked(exchange_out) == ([first] if moment == "after" else [])
    assert rows(subject)[0].sent_at is None
    assert killed_worker(settings, moment) == 0, "nobody else takes it while the lease holds"
    all_due_now()
    sweep = delivery_sweep(lambda: FileDropOut(exchange_out))
    while sweep.run():
        pass
    assert marked(exchange_out) == [first, second]
    event = json.loads((exchange_out / f"{first}.json").read_bytes())
    assert (event["key"], event["payload"]) == (first, {"words": "a"})
    assert [row.receipt for row in rows(subject)] == [f"file:{first}.json", f"file:{second}.json"]
    assert [row.tries for row in rows(subject)] == [2, 1]


def test_what_a_killed_worker_left_half_written_is_cleared_after_a_day(
    app: Flask, settings: Settings, exchange_out: Path
) -> None:
    told(uuid4(), "a")
    assert killed_worker(settings, "draft") == -signal.SIGKILL
    (left,) = (exchange_out / DRAFTS).iterdir()
    all_due_now()
    delivery_sweep(lambda: FileDropOut(exchange_out)).run()
    assert left.exists(), "its writer may still be at it"
    long_ago = time.time() - 25 * 3600
    os.utime(left, (long_ago, long_ago))
    told(uuid4(), "b")
    delivery_sweep(lambda: FileDropOut(exchange_out)).run()
    assert list((exchange_out / DRAFTS).iterdir()) == []
    assert len(marked(exchange_out)) == 2
