"""Where an embedded server keeps its files, and as which user it runs.

An ordinary user's server lives in the folder it was given. PostgreSQL refuses to run as root, so
root's server runs as ``nobody``, who cannot be counted on to reach that folder: its files live in
/var/lib/linli, and ``state`` in the folder is a link to them. Delete the folder and they are
forgotten too, at the next start.
"""

import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.database.embedded.faults import ServerNotStarted

STATES = Path("/var/lib/linli")
LONGEST_SOCKET = 100  # bytes; the shortest limit of the systems we know is 103
SOCKET_NAME = ".s.PGSQL.5432"


class Identity(TypedDict, total=False):
    """The arguments of ``subprocess.Popen`` that make a child somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Home:
    """The files of one server and the user whose they are."""

    root: Path
    uid: int
    gid: int

    @property
    def data(self) -> Path:
        """Return the folder of the data; it exists once it is complete."""
        return self.root / "data"

    @property
    def log(self) -> Path:
        """Return the file that the server writes its own news to."""
        return self.root / "log"

    @property
    def sockets(self) -> Path:
        """Return the folder of the socket: here, or in the temporary folder where this is deep."""
        here = self.root / "socket"
        if len(os.fsencode(here / SOCKET_NAME)) <= LONGEST_SOCKET:
            return here
        return Path(tempfile.gettempdir()) / f"linli-{_digest(self.root)}"

    @property
    def locks(self) -> tuple[Path, Path]:
        """Return the files in which a running server writes its number."""
        return self.data / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock"

    def identity(self) -> Identity:
        """Return how a child becomes the owner; nothing to do for one's own files."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def make_private(self, folder: Path) -> None:
        """Make a folder that only the owner enters.

        Raises:
            ServerNotStarted: somebody else made it first, as anybody can in a temporary folder.
        """
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (self.uid, os.geteuid()):
                raise ServerNotStarted(f"{folder} belongs to somebody else") from None
        if self.uid != os.geteuid():
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def home_of(folder: Path) -> Home:
    """Return where the server of ``folder`` lives, or would live; nothing is made."""
    owner = (folder / "data").stat().st_uid if (folder / "data").is_dir() else os.geteuid()
    if os.geteuid() != 0:
        return Home(folder, os.geteuid(), os.getegid())
    if owner != 0:  # an ordinary user's folder stays that user's
        return Home(folder, owner, (folder / "data").stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    link = folder / "state"
    root = link.readlink() if link.is_symlink() else STATES / _digest(folder)
    return Home(root, nobody.pw_uid, nobody.pw_gid)


def forgotten(folder: Path, home: Home) -> bool:
    """Tell whether ``home`` holds the files of a folder that was deleted, then made anew."""
    return home.root != folder and home.root.exists() and not (folder / "state").is_symlink()


def make_home(folder: Path, home: Home) -> None:
    """Make the folders of a server; the link comes first, so that no home is ever without one."""
    if home.root != folder:
        if forgotten(folder, home):
            shutil.rmtree(home.root)
        if not (folder / "state").is_symlink():
            (folder / "state").symlink_to(home.root)
        for part in (STATES, home.root):
            part.mkdir(parents=True, exist_ok=True)
            part.chmod(0o755)
    home.make_private(home.sockets)


def _digest(path: Path) -> str:
    return hashlib.blake2b(os.fsencode(path), digest_size=6).hexdigest()
