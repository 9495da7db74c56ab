"""The manifest of a drop: which files there are, of which streams, and what is in them."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from app.sync.connectors.files.encodings import encoding_named
from app.sync.connectors.files.opening import opened
from app.sync.connectors.protocol import SourceAway, SourceRefused

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1 << 20
SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
STREAM = re.compile(r"[a-z][a-z0-9_]{0,62}")
SHA256 = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[^\x00-\x1f]{1,255}")


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """One line of the manifest. ``rows`` counts neither note nor header nor blank lines."""

    stream: str
    path: Path
    format: str
    encoding: str
    rows: int
    sha256: str
    complete: bool
    sheet: str | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sender says of a drop; the files in the order in which to read them.

    ``written_at``: when all of them were true at the sender's, if it says so.
    """

    source: str
    files: Mapping[str, DroppedFile]
    written_at: datetime | None = None


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a folder, None while there is none.

    Raises:
        SourceRefused: BAD_MANIFEST, or OUTSIDE_FOLDER if it names a file that is not of it.
        SourceAway: the folder is not there, or cannot be read now.
    """
    if not folder.is_dir():
        raise SourceAway(f"the folder {folder.name} is not there")
    if not (folder / MANIFEST).exists():
        return None
    with opened(inside(folder, MANIFEST)) as file:
        content = file.read(LARGEST_MANIFEST + 1)
    if len(content) > LARGEST_MANIFEST:
        raise _bad("it is larger than 1 MiB")
    try:
        said = orjson.loads(content.removeprefix("\ufeff".encode()))
    except orjson.JSONDecodeError as fault:
        raise _bad("it is not JSON") from fault
    if not isinstance(said, dict) or not isinstance(said.get("files"), list):
        raise _bad("it is no object with a list of files")
    if not (source := _matching(SOURCE, said.get("source"))):
        raise _bad("its source must be small letters, digits and hyphens")
    files = [_file(folder, place, each) for place, each in enumerate(said["files"], start=1)]
    return Manifest(source, _by_stream(files), _moment(said.get("written_at")))


def inside(folder: Path, name: str) -> Path:
    """Return the path of a file that lies in the folder itself, links followed.

    Raises:
        SourceRefused: OUTSIDE_FOLDER
    """
    try:
        path, home = (folder / name).resolve(), folder.resolve()
    except (OSError, RuntimeError) as fault:  # a link to itself, a name too long
        raise _outside() from fault
    if Path(name).name != name or path == home or not path.is_relative_to(home):
        raise _outside()
    return path


def _by_stream(files: Sequence[DroppedFile]) -> Mapping[str, DroppedFile]:
    found: dict[str, DroppedFile] = {}
    for file in files:
        if found.setdefault(file.stream, file) is not file:
            raise _bad(f"it names the stream {file.stream} twice")
    return found


def _file(folder: Path, place: int, said: Any) -> DroppedFile:
    if not isinstance(said, dict):
        raise _bad(f"file {place} is no object")
    if not (stream := _matching(STREAM, said.get("stream"))):
        raise _bad(f"file {place} lacks the name of a stream")
    if not (name := _matching(NAME, said.get("file"))):
        raise _bad(f"{stream} lacks the name of a file")
    if not isinstance(form := said.get("format"), str):
        raise _bad(f"{stream} lacks a format")
    if not (encoding := encoding_named(str(said.get("encoding", "utf-8")))):
        raise _bad(f"the encoding of {stream} must be utf-8 or gb18030")
    if (rows := _count(said.get("rows"))) is None:
        raise _bad(f"the rows of {stream} must be a whole number")
    if not (sha256 := _matching(SHA256, str(said.get("sha256", "")).lower())):
        raise _bad(f"the sha256 of {stream} must be 64 hex digits")
    if not isinstance(complete := said.get("complete", False), bool):
        raise _bad(f"complete of {stream} must be true or false")
    if not isinstance(sheet := said.get("sheet"), str | None):
        raise _bad(f"the sheet of {stream} must be a name")
    path = inside(folder, name)
    return DroppedFile(stream, path, form, encoding, rows, sha256, complete, sheet)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    with suppress(ValueError):
        if isinstance(value, str) and (found := datetime.fromisoformat(value)).tzinfo:
            return found
    raise _bad("written_at must be a moment with its offset, as ISO 8601 writes it")


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _matching(pattern: re.Pattern[str], value: Any) -> str | None:
    return value if isinstance(value, str) and pattern.fullmatch(value) else None


def _bad(what: str) -> SourceRefused:
    return SourceRefused("BAD_MANIFEST", f"{MANIFEST} cannot be believed: {what}")


def _outside() -> SourceRefused:
    return SourceRefused("OUTSIDE_FOLDER", f"{MANIFEST} names a file outside its folder")
