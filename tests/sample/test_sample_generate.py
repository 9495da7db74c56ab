"""The generator: the same bytes for the same seed, any size in the same memory."""

import ast
import io
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from sample.district_plan import lay_out
from sample.generate import generate
from sample.names import ADDRESSES, address_text
from sample.progress import Progress

ROOT = Path(__file__).parents[2]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_records_are_what_the_generator_writes(records: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sample.generate", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert files(tmp_path) == files(records)


def test_another_seed_makes_another_district_of_the_same_kind(
    records: Path, tmp_path: Path
) -> None:
    generate(tmp_path, residents=50, seed=7)
    written = files(tmp_path)
    assert written.keys() == files(records).keys()
    assert written["residents.csv"].count(b"\n") == 52
    assert written["polygons.jsonl"] != files(records)["polygons.jsonl"]


def test_the_people_to_sign_in_as_are_the_same_at_every_size(records: Path, tmp_path: Path) -> None:
    generate(tmp_path, residents=10)
    assert files(tmp_path)["people.json"] == files(records)["people.json"]


def test_too_small_a_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 10"):
        generate(tmp_path, residents=9)
    assert not list(tmp_path.iterdir())


def test_memory_does_not_grow_with_the_residents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plan = lay_out(1)
    monkeypatch.setattr("sample.generate.lay_out", lambda seed: plan)  # slow while it is traced

    def peak(residents: int) -> int:
        tracemalloc.start()
        generate(tmp_path, residents)
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return reached

    peak(10)
    assert peak(10_000) < peak(1_000) * 1.1


def test_no_two_homes_have_the_same_address() -> None:
    several = {address_text("浪头镇", number) for number in range(1, 20_001)}
    assert len(several) == 20_000
    assert address_text("浪头镇", 1) == address_text("浪头镇", 1 + ADDRESSES)


def test_a_long_run_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([0.0, 1.0, 4.0])
    monkeypatch.setattr("sample.progress.time.monotonic", lambda: next(now))
    out = io.StringIO()
    progress = Progress(10_000, "residents", out)
    progress.reached(1_000)
    progress.reached(4_000)
    assert out.getvalue() == "4,000 of 10,000 residents, 1,000 a second, 6 s remain\n"


def test_the_generator_needs_shapely_and_the_standard_library_only() -> None:
    allowed = {*sys.stdlib_module_names, "sample", "shapely"}
    for path in (ROOT / "sample").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [name.name for name in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert {name.split(".")[0] for name in names} <= allowed, path.name
