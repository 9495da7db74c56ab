"""``python -m app.database.embedded start|stop|status|url FOLDER``."""

import argparse
import sys
from pathlib import Path

from app.database.embedded.faults import ServerNotStarted
from app.database.embedded.server import EmbeddedServer


def main(arguments: list[str]) -> int:
    """Do one thing with the server of a folder; ``status`` exits with 3 where none is running."""
    parser = argparse.ArgumentParser(prog="python -m app.database.embedded", description=__doc__)
    parser.add_argument("deed", choices=("start", "stop", "status", "url"))
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args(arguments)
    server = EmbeddedServer(asked.folder)
    if asked.deed == "start":
        server.start()
    elif asked.deed == "stop":
        server.stop()
    running = server.is_running()
    say = {"url": server.url, "start": server.url}
    _print(say.get(asked.deed, "running" if running else "not running"))
    return 3 if asked.deed == "status" and not running else 0


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServerNotStarted as fault:
        sys.exit(str(fault))
