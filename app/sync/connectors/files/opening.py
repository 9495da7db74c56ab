"""Opening what others dropped: a plain file or nothing, and never for writing."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from app.sync.connectors.protocol import SourceAway, SourceRefused

# A pipe with a file's name would hold its reader for ever, and a link put there after the folder
# was looked at would lead elsewhere.
CAUTIOUSLY = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a file to read.

    Raises:
        SourceRefused: FILE_MISSING, there is no plain file of that name.
        SourceAway: it is there and cannot be read now.
    """
    try:
        handle = os.open(path, CAUTIOUSLY)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise SourceRefused("FILE_MISSING", f"{path.name} is not there") from fault
    except OSError as fault:
        raise SourceAway(f"{path.name} cannot be opened: {type(fault).__name__}") from fault
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise SourceRefused("FILE_MISSING", f"{path.name} is no plain file")
        try:
            yield file
        except OSError as fault:
            raise SourceAway(f"{path.name} cannot be read: {type(fault).__name__}") from fault
