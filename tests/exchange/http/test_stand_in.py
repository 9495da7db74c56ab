"""The district that answers shows the same records in every way, and errs only when told."""

import ast
import csv
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TypeGuard

from sample.district.faults import FAULTS
from tests.exchange.district_process import ROOT, DistrictProcess, made_up
from tests.exchange.http.reading import connector_to, read

EXCHANGE = ROOT / "tests" / "exchange"


def test_files_and_feed_tell_the_same(answering: DistrictProcess, tmp_path: Path) -> None:
    """A drop holds whoever lives in the feed, and a manifest that is true of it."""
    answering.put("residents", *made_up(12_000))
    answering.records.delete("residents", "K0000005")
    answering.put("polygons", {"sid": "P1", "polygon": {"type": "Polygon"}})
    answering.drop(tmp_path / "drop")
    files = json.loads((tmp_path / "drop" / "manifest.json").read_text("utf-8"))["files"]
    assert [file["file"] for file in files] == ["residents.csv", "polygons.jsonl"]
    for file in files:
        content = (tmp_path / "drop" / file["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
    with (tmp_path / "drop" / "residents.csv").open(encoding="utf-8") as lines:
        dropped = [(row["sid"], row["ver"], row["name"]) for row in csv.DictReader(lines)]
    feed = read(connector_to(answering, tmp_path)).rows
    living = sorted((row["sid"], row["ver"], row["name"]) for row in feed if row["op"] == "U")
    assert (dropped, files[0]["rows"]) == (living, 11_999)


def test_a_drop_can_be_cut_off(answering: DistrictProcess, tmp_path: Path) -> None:
    """The manifest of a drop that lost its end is not true of it, once."""
    answering.put("residents", *made_up(9))
    answering.misbehave("truncated-drop")
    for right in (False, True):
        answering.drop(tmp_path)
        (file,) = json.loads((tmp_path / "manifest.json").read_text("utf-8"))["files"]
        digest = hashlib.sha256((tmp_path / file["file"]).read_bytes()).hexdigest()
        assert (digest == file["sha256"]) is right


def test_it_can_be_told_from_the_command_line(answering: DistrictProcess, tmp_path: Path) -> None:
    """A running district minds what is typed next to it."""

    def tell(command: str, *rest: str) -> str:
        line = [sys.executable, "-m", "sample.district", command, "--data", str(answering.folder)]
        return subprocess.run(
            [*line, *rest], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    tell("put", "residents", "sid=K1", "name=试行")
    tell("reuse-version", "residents", "K1", "name=改名")
    (row,) = read(connector_to(answering, tmp_path)).rows
    assert (row["ver"], row["name"]) == ("1", "改名")
    tell("misbehave", "--times", "0", "error", "status=404")
    connector = connector_to(answering, tmp_path)
    assert connector.check()[0].startswith("NOT_FOUND")
    tell("behave")
    tell("delete", "residents", "K1")
    assert [row["op"] for row in read(connector).rows] == ["D"]
    assert tell("received") == ""


def test_each_misdeed_that_it_is_able_to_is_met_by_some_test() -> None:
    """A fault that nobody plants is a fault that nobody has shown to be harmless."""
    planted: set[str] = set()
    for path in EXCHANGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        first = [each.args[0] for each in ast.walk(tree) if _plants(each)]
        by_name = any(not isinstance(each, ast.Constant) for each in first)
        planted |= _words(*([tree] if by_name and path.name.startswith("test_") else first))
    assert not FAULTS.keys() - planted


def _plants(node: ast.AST) -> TypeGuard[ast.Call]:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr == "misbehave"


def _words(*trees: ast.AST) -> set[str]:
    """Return the texts that stand there: a name that is planted is told by a table beside it."""
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
