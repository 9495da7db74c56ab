"""Reads the sample's records as any reader of the contract would."""

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RECORDS = Path(__file__).parents[2] / "sample" / "records"

Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def records() -> Path:
    return RECORDS


@pytest.fixture(scope="session")
def rows() -> Callable[[str], Rows]:
    return read


@pytest.fixture(scope="session")
def people() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDS / "people.json").read_text(encoding="utf-8"))
    return found


@cache
def read(stream: str) -> Rows:
    if stream == "polygons":
        text = (RECORDS / "polygons.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if not line.startswith('{"note"')]
    with (RECORDS / f"{stream}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))
