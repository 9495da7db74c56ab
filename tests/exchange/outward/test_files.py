"""The district finds each outcome in the folder: whole, marked as complete, and once."""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from app.database import transaction, write
from app.settings import Settings
from app.settings.section import ConfigRefused, Section
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.files import DRAFTS, FileDropOut
from app.sync.outward.protocol import Undelivered
from app.sync.outward.transports import KINDS, transport_of
from tests.exchange.outward.telling import all_due_now, rows, told


def seen(folder: Path) -> list[str]:
    """Return what a receiver looks at."""
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def test_an_outcome_lies_in_the_folder_whole_and_marked(app: Flask, exchange_out: Path) -> None:
    subject = uuid4()
    told(subject, "已办结")
    assert delivery_sweep(lambda: FileDropOut(exchange_out)).run() == 1
    name = f"trial-{subject}-000001"
    assert seen(exchange_out) == [f"{name}.json", f"{name}.ok"]
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
    assert len(seen(exchange_out)) == 2


def test_an_outcome_that_cannot_be_flushed_is_not_there_at_all(
    app: Flask, exchange_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "no space left")

    subject = uuid4()
    told(subject, "a")
    monkeypatch.setattr("app.sync.outward.files.os.fsync", full)
    delivery_sweep(lambda: FileDropOut(exchange_out)).run()
    assert seen(exchange_out) == []
    assert list((exchange_out / DRAFTS).iterdir()) == []
    assert rows(subject)[0].sent_at is None
    monkeypatch.undo()
    all_due_now()
    delivery_sweep(lambda: FileDropOut(exchange_out)).run()
    assert rows(subject)[0].sent_at is not None


def test_the_mark_comes_after_the_name_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut there may be an outcome without its mark, never a mark without one."""
    flushed: list[list[str]] = []
    real = FileDropOut._flush

    def noted(drop: FileDropOut) -> None:
        flushed.append(seen(tmp_path))
        real(drop)

    monkeypatch.setattr(FileDropOut, "_flush", noted)
    FileDropOut(tmp_path).send("k", b"{}")
    assert flushed == [["k.json"], ["k.json", "k.ok"]]


def test_two_who_send_the_same_at_once_leave_it_whole(tmp_path: Path) -> None:
    """A worker that was taken for dead goes on writing while another writes the same."""
    content = json.dumps({"words": "a" * 200_000}).encode()
    together, torn = threading.Barrier(4), []

    def send() -> None:
        drop = FileDropOut(tmp_path)
        together.wait()
        for _ in range(20):
            drop.send("k", content)
            if (tmp_path / "k.json").read_bytes() != content:
                torn.append(1)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert torn == []
    assert list((tmp_path / DRAFTS).iterdir()) == []


def test_a_folder_that_is_not_there_for_now_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "share").write_text("a file where the folder should be")
    with pytest.raises(Undelivered):
        FileDropOut(tmp_path / "share").send("k", b"{}")


def section(**values: object) -> Section:
    environ: Mapping[str, str] = {}
    return Section("district.toml.out", values, environ)


def test_without_a_section_outcomes_go_to_the_exchange_folder(
    settings: Settings, tmp_path: Path
) -> None:
    transport_of(None, replace(settings, exchange_out=tmp_path)).send("k", b"{}")
    assert seen(tmp_path) == ["k.json", "k.ok"]


def test_a_section_names_another_folder(settings: Settings, tmp_path: Path) -> None:
    transport_of(section(kind="files", folder=str(tmp_path)), settings).send("k", b"{}")
    assert seen(tmp_path) == ["k.json", "k.ok"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "pigeon"},
        {"kind": "files"},
        {"kind": "files", "folder": "somewhere"},
        {"kind": "files", "folder": "/tmp", "foldr": "/tmp"},
    ],
)
def test_a_section_that_describes_no_way_is_refused(
    settings: Settings, wrong: dict[str, object]
) -> None:
    with pytest.raises(ConfigRefused, match="out"):
        transport_of(section(**wrong), settings)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_may_be_named_is_there(settings: Settings, kind: str) -> None:
    """Each refuses an empty section in words, and so can be reached."""
    with pytest.raises(ConfigRefused):
        transport_of(section(kind=kind), settings)
