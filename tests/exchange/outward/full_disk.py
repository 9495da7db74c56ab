"""``python -m tests.exchange.outward.full_disk LIMIT``: a worker whose folder lies on a full disk.

LIMIT is how small the disk is, as an option of a tmpfs. The disk is mounted where nobody else sees
it: run this under ``unshare --mount``. The worker delivers what is due and says what lies in the
folder then; at a line of input the disk is made larger, and it does so again.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import wsgi
from app.factory import assemble
from app.settings import from_environment
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.files import FileDropOut

ROOMY = "size=4m,nr_inodes=100"
LYING = "lying there: "
"""Before what lies in the folder; other lines are the worker's log."""


def lying_in(folder: Path) -> str:
    """Say what lies in a folder, drafts too, with its size in bytes; as JSON."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return LYING + json.dumps({path.name: path.stat().st_size for path in files})


def main(limit: str) -> None:
    settings = from_environment(os.environ)
    folder = settings.exchange_out
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", limit, "none", str(folder)], check=True)
    with assemble(settings, wsgi.FEATURES).app_context():
        delivery_sweep(lambda: FileDropOut(folder)).run()
        print(lying_in(folder), flush=True)
        sys.stdin.readline()
        subprocess.run(["mount", "-o", f"remount,{ROOMY}", str(folder)], check=True)
        delivery_sweep(lambda: FileDropOut(folder)).run()
        print(lying_in(folder), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
