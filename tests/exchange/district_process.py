"""The district that answers, as a process of its own on a free port of this machine."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sample.district.books import Books
from sample.district.dropping import drop
from sample.district.faults import Faults
from sample.district.outcomes import Outcome, Outcomes
from sample.district.records import Records

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key that both sides know, and nobody else"
KEY_ID = "linli"
KEY_VARIABLE = "DISTRICT_KEY"


class DistrictProcess:
    """A running district: what the test does to its books, the process answers at once."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str]", url: str) -> None:
        self.folder, self.url, self.key = folder, url, KEY
        self.environ = {KEY_VARIABLE: KEY}
        self._process = process
        self._books = Books(folder)
        self.records = Records(self._books)

    def put(self, stream: str, *records: Mapping[str, Any], updated_at: int | None = None) -> None:
        """Keep records; without ``ver`` one gets its next version, ``updated_at`` is in µs."""
        self.records.put(stream, records, updated_at)

    def misbehave(self, kind: str, times: int = 1, on: str = "", **options: Any) -> None:
        """Do something wrong (sample/district/faults.py lists what); ``times=0`` is always."""
        Faults(self._books).misbehave(kind, times, on, **options)

    def behave(self) -> None:
        """Do nothing wrong any more."""
        Faults(self._books).behave()

    def left(self) -> list[str]:
        """Return what it has not yet done wrong as often as it was to."""
        return Faults(self._books).left()

    def received(self) -> list[Outcome]:
        """Return the outcomes that it took, each once, with how often it was sent."""
        return Outcomes(self._books).received()

    def drop(self, folder: Path) -> None:
        """Write all live records as files with a manifest."""
        drop(self._books, folder)

    def http_settings(self, **settings: object) -> dict[str, object]:
        """Return the settings by which it is reached, in ``[http]`` and in ``[out]``."""
        return {"url": self.url, "key_id": KEY_ID, "key_env": KEY_VARIABLE} | settings

    def stop(self) -> None:
        """End the process; its books stay."""
        self._process.kill()
        self._process.wait()


@contextmanager
def started(folder: Path, *options: str) -> Iterator[DistrictProcess]:
    """Start a district on the books of a folder, and stop it at the end."""
    command = [sys.executable, "-m", "sample.district", "serve", "--data", str(folder), *options]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, KEY_VARIABLE: KEY},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, "the district did not start"
        district = DistrictProcess(folder, process, url)
        try:
            yield district
        finally:
            district.stop()


def made_up(count: int, first: int = 1, **fields: object) -> Iterable[dict[str, object]]:
    """Return records of nobody, with keys that sort as they count."""
    return [{"sid": f"K{n:07d}", "name": f"试行{n}", **fields} for n in range(first, first + count)]


@pytest.fixture
def answering() -> Iterator[DistrictProcess]:
    """Return a district that answers and has no records yet."""
    with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as district:
        yield district
        assert not district.left(), "nobody has met what it was to do wrong"
