"""A folder: one file a blob, two levels of folders by the first digits of its name.

A blob is written aside, forced to the disk, and renamed: a reader sees all of it or nothing, and
so does whoever looks after a power failure.
"""

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from app.files.stores.protocol import BlobMissing, StoreAway


class FolderStore:
    """Blobs in a folder; any number of processes on machines that share it may write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, digest: str, content: bytes) -> None:
        """Keep the bytes; see ``Store``."""
        place = self._place(digest)
        try:
            if place.exists():
                return
            self._make(place.parent)
            handle, aside = tempfile.mkstemp(prefix=".new-", dir=place.parent)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(content)
                    out.flush()
                    os.fsync(out.fileno())
                os.rename(aside, place)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(aside)
                raise
            _fsync_folder(place.parent)
        except OSError as fault:
            raise StoreAway(fault.strerror) from fault

    def get(self, digest: str) -> bytes:
        """Return the bytes; see ``Store``."""
        try:
            content = self._place(digest).read_bytes()
        except FileNotFoundError as fault:
            raise BlobMissing(digest) from fault
        except OSError as fault:
            raise StoreAway(fault.strerror) from fault
        if hashlib.sha256(content).hexdigest() != digest:
            raise BlobMissing(digest)
        return content

    def delete(self, digest: str) -> None:
        """Delete the bytes; see ``Store``."""
        try:
            self._place(digest).unlink(missing_ok=True)
        except OSError as fault:
            raise StoreAway(fault.strerror) from fault

    def _place(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:4] / digest

    def _make(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in (self._folder, folder.parent):
            _fsync_folder(each)


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
