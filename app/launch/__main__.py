"""``python -m app.launch``: start all of Linli on this machine; Ctrl-C stops it, twice at once."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from app.database.embedded import EmbeddedServer, ServerNotStarted
from app.launch.banner import banner
from app.launch.children import Child
from app.launch.ledger import Ledger, alone
from app.launch.prepared import is_prepared
from app.launch.readiness import is_ready
from app.launch.signals import Signals
from app.launch.supervisor import Supervisor
from app.launch.surroundings import (
    CHECKOUT,
    HOST,
    StartRefused,
    Surroundings,
    children_environment,
    demand_free_port,
    look_around,
)

READY_LIMIT = 60.0
SAMPLE = Path("sample") / "records"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def main(environ: Mapping[str, str]) -> int:
    """Start everything, keep it running, stop everything; return the exit code.

    Raises:
        StartRefused: the port or the state folder is in use.
        ServerNotStarted: the embedded database does not start.
    """
    since = time.monotonic()
    around = look_around(environ)
    with alone(around.state), Signals() as signals:
        ledger = Ledger(around.state / "children.json")
        if left := ledger.end_leftovers():
            print(f"Ended what an earlier start left running: {', '.join(left)}.", flush=True)
        for port in (around.port, around.live_port):
            demand_free_port(port)
        server = None if around.database_url else EmbeddedServer(around.state / "postgres")
        supervisor = Supervisor(signals, note=ledger.write, fallen=lambda: _fallen(server))
        try:
            if server is not None:
                server.start()
            return _serve(supervisor, environ, around, server, since)
        finally:
            supervisor.stop()
            if server is not None:
                server.stop(urgent=signals.asked > 1)
            with suppress(OSError):  # the terminal may be closed
                print(f"Linli has stopped. Its data stay in {around.state}.", flush=True)


def _serve(
    supervisor: Supervisor,
    environ: Mapping[str, str],
    around: Surroundings,
    server: EmbeddedServer | None,
    since: float,
) -> int:
    url = server.url if server else environ.get("LINLI_OWNER_URL") or around.database_url or ""
    told = children_environment(environ, around, url)
    prepare = Child("prepare", [*FLASK, "prepare", "--sample", str(SAMPLE)], told, CHECKOUT)
    if not is_prepared(url, CHECKOUT / SAMPLE) and not supervisor.run_to_end(prepare):
        return 0 if supervisor.signals.asked else 1
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    return supervisor.keep(
        [
            Child("web", gunicorn, told, CHECKOUT, patience=32.0),
            Child("worker", [*FLASK, "work"], told, CHECKOUT, restarts=3),
            Child("live", [*FLASK, "live"], told, CHECKOUT, restarts=3),
        ],
        ready=lambda: is_ready(HOST, around.port),
        announce=lambda: print(
            banner(
                around.address,
                CHECKOUT / SAMPLE / "people.json",
                time.monotonic() - since,
                around.live_address,
            ),
            flush=True,
        ),
        by=time.monotonic() + READY_LIMIT,
    )


def _fallen(server: EmbeddedServer | None) -> str | None:
    return None if server is None or server.is_running() else "the database server is gone"


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ))
    except (StartRefused, ServerNotStarted) as fault:
        sys.exit(f"Linli does not start: {fault}")
    except KeyboardInterrupt:  # before there was anything to stop
        sys.exit(130)
