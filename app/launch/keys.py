"""Keys for a machine without real people: drawn once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

KEY_BYTES = 32
NUMBERED = ("LINLI_DATA_KEYS", "LINLI_WRAPPING_KEYS", "LINLI_INDEX_KEYS")
NAMES = ("LINLI_JWT_KEY", *NUMBERED, "LINLI_FINGERPRINT_KEY", "LINLI_CURSOR_KEY")


def development_keys(file: Path) -> dict[str, str]:
    """Return the keys in ``file``; those it lacks are drawn and written first.

    They are never drawn anew: with other keys, the data already written could not be read.
    """
    kept = _read(file.read_text().splitlines()) if file.exists() else {}
    drawn = {name: _draw(name) for name in NAMES if name not in kept}
    if drawn:
        _write(file, {**kept, **drawn})
    return {**kept, **drawn}


def _read(lines: Iterable[str]) -> dict[str, str]:
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals}


def _draw(name: str) -> str:
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return f"1:{key}" if name in NUMBERED else key


def _write(file: Path, keys: dict[str, str]) -> None:
    """Write all of the file or nothing, and let nobody else read it at any moment."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".unfinished")
    half.unlink(missing_ok=True)
    lines = ["# For development only. Without these keys the data beside them cannot be read."]
    lines += [f"{name}={value}" for name, value in keys.items()]
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    half.rename(file)
