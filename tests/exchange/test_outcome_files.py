"""The district finds each outcome in the folder: whole, marked as complete, and once."""

import json
import os
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from app.database import transaction, write
from app.sync import FileDropOut, delivery_sweep
from tests.exchange.telling import all_due_now, rows, told


def test_an_outcome_lies_in_the_folder_whole_and_marked(app: Flask, exchange_out: Path) -> None:
    subject = uuid4()
    told(subject, "已办结")
    assert delivery_sweep(lambda: FileDropOut(exchange_out)).run() == 1
    name = f"trial-{subject}-000001"
    assert sorted(os.listdir(exchange_out)) == [f"{name}.json", f"{name}.ok"]
    event = json.loads((exchange_out / f"{name}.json").read_bytes())
    assert (event["key"], event["seq"], event["kind"]) == (name, 1, "tried")
    assert event["payload"] == {"words": "已办结"}
    assert rows(subject)[0].receipt == f"file:{name}.json"


def test_a_repeat_writes_the_same_bytes(app: Flask, exchange_out: Path) -> None:
    """A crash between the file and the books sends once more; the receiver sees no difference."""
    subject = uuid4()
    told(subject, "a")
    sweep = delivery_sweep(lambda: FileDropOut(exchange_out))
    sweep.run()
    target = exchange_out / f"trial-{subject}-000001.json"
    first = target.read_bytes()
    with transaction():
        write("UPDATE outbox SET sent_at = NULL, due_at = now()")
    assert sweep.run() == 1
    assert target.read_bytes() == first
    assert len(os.listdir(exchange_out)) == 2


def test_an_outcome_that_cannot_be_flushed_is_not_there_at_all(
    app: Flask, exchange_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "no space left")

    subject = uuid4()
    told(subject, "a")
    monkeypatch.setattr("app.sync.delivery.os.fsync", full)
    delivery_sweep(lambda: FileDropOut(exchange_out)).run()
    assert [name for name in os.listdir(exchange_out) if not name.startswith(".")] == []
    assert rows(subject)[0].sent_at is None
    monkeypatch.undo()
    all_due_now()
    delivery_sweep(lambda: FileDropOut(exchange_out)).run()
    assert rows(subject)[0].sent_at is not None
