"""Workbooks are read in a process of their own, with bounds on its memory and its time.

The reader of workbooks takes what memory a sheet asks for, and two cells in opposite corners ask
for more than there is: then its process ends, on the spot. So it must not be ours. What it has
read comes over a pipe page by page; it waits while nobody takes them.
"""

import multiprocessing
import os
import resource
from collections.abc import Iterator
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from app.sync.connectors.files.manifest import DroppedFile
from app.sync.connectors.files.workbook import batches
from app.sync.connectors.protocol import Page, Rows, SourceAway, SourceRefused

MEMORY = 3 << 30
CPU_SECONDS = 120
LONGEST_WAIT = 600.0


def pages(file: DroppedFile, done: int, size: int) -> Iterator[Page]:
    """Yield the pages of a workbook behind its first ``done`` rows.

    Raises:
        SourceRefused: of the reader; WORKBOOK_TOO_LARGE if it takes more than 3 GiB or 2 minutes.
        SourceAway
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    reader = context.Process(target=_read, args=(there, file, done, size), daemon=True)
    reader.start()
    there.close()
    try:
        while rows := _told(here, reader, file):
            done += rows.table.num_rows + len(rows.unreadable)
            yield Page(partial(Rows, rows.table, rows.unreadable), _cursor(file, done))
    finally:
        here.close()
        reader.kill()
        reader.join()


def _cursor(file: DroppedFile, done: int) -> dict[str, Any]:
    return {"sha256": file.sha256, "row": done}


def _told(here: Connection, reader: BaseProcess, file: DroppedFile) -> Rows | None:
    """Return the next rows, None at the end."""
    try:
        if not here.poll(LONGEST_WAIT):
            raise SourceAway(f"{file.path.name} is not read after {LONGEST_WAIT:.0f} seconds")
        told = here.recv()
    except EOFError as fault:
        reader.join()
        if reader.exitcode and reader.exitcode < 0:
            words = f"{file.path.name} takes more memory or time than a workbook may: send CSV"
            raise SourceRefused("WORKBOOK_TOO_LARGE", words) from fault
        raise SourceRefused("NOT_A_WORKBOOK", f"{file.path.name} cannot be read") from fault
    if isinstance(told, Rows):
        return told
    if told is None:
        return None
    code, words = told
    raise SourceRefused(code, words) if code else SourceAway(words)


def _read(there: Connection, file: DroppedFile, done: int, size: int) -> None:
    """Read a workbook and tell it page by page; the end is told as None."""
    _bound()
    try:
        for rows in batches(file, done, size):
            there.send(rows)
        there.send(None)
    except SourceRefused as fault:
        there.send((fault.code, str(fault).removeprefix(f"{fault.code}: ")))
    except SourceAway as fault:
        there.send(("", str(fault)))
    except MemoryError:
        words = f"{file.path.name} takes more memory than a workbook may: send CSV"
        there.send(("WORKBOOK_TOO_LARGE", words))


def _bound() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),  # what is left of a process that ended would be people's data
    ):
        hard = resource.getrlimit(what)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (least, least))
    # what the reader prints when it ends is of no use to anybody, and may hold what it read
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
