"""Outcomes as files: ``<key>.json``, and then ``<key>.ok``, in a folder that the district reads."""

import os
import secrets
import time
from pathlib import Path

from app.settings.section import ConfigRefused, Section
from app.sync.outward.protocol import Transport, Undelivered

DRAFTS = ".drafts"
DRAFT_LIVES = 24 * 3600.0  # seconds; who writes for so long is dead
LOOKED_AFTER = 3600.0


def configured(section: Section) -> Transport:
    """Return the transport that a section describes: ``folder``, an absolute path.

    Raises:
        ConfigRefused: the path is missing or not absolute, or something else is said.
    """
    section.only("kind", "folder")
    folder = Path(section.text("folder"))
    if not folder.is_absolute():
        raise ConfigRefused(f"{section.title}.folder must be an absolute path")
    return FileDropOut(folder)


class FileDropOut:
    """Writes into a folder: an outcome that is marked is whole, and stays after a power cut.

    Drafts are written beside, in ``.drafts`` of the same folder, each under a name of its own: two
    workers that send the same envelope (one was taken for dead) never write into one file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = folder / DRAFTS
        self._looked: float | None = None

    def send(self, key: str, envelope: bytes) -> str:
        """Write, flush to the disk, rename into place, then mark as complete.

        Raises:
            Undelivered: the folder cannot be written to now.
        """
        try:
            self._drafts.mkdir(parents=True, exist_ok=True)
            self._clear_old_drafts()
            self._put(key, envelope)
            self._flush()  # the name is there before its mark
            (self._folder / f"{key}.ok").touch()
            self._flush()
        except OSError as fault:
            # the system's own words name no path
            raise Undelivered(fault.strerror or type(fault).__name__) from fault
        return f"file:{key}.json"

    def _put(self, key: str, envelope: bytes) -> None:
        draft = self._drafts / f"{key}.{secrets.token_hex(8)}"
        try:
            with draft.open("xb") as out:
                out.write(envelope)
                out.flush()
                os.fsync(out.fileno())
            draft.rename(self._folder / f"{key}.json")
        finally:
            draft.unlink(missing_ok=True)

    def _flush(self) -> None:
        """Have the names on the disk, too, before the books say that it was sent."""
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _clear_old_drafts(self) -> None:
        """Delete, once an hour, what a killed worker left half-written a day ago or earlier."""
        now = time.monotonic()
        if self._looked is not None and now - self._looked < LOOKED_AFTER:
            return
        self._looked = now
        oldest = time.time() - DRAFT_LIVES
        for draft in self._drafts.iterdir():
            try:
                if draft.stat().st_mtime < oldest:
                    draft.unlink()
            except FileNotFoundError:
                continue  # its writer, or another who looks, was quicker
