"""``python -m tests.exchange.operating.slow_reader N``: ``flask sync watch --processes N``, slowly.

Pages are of two rows. Before each is written it says so, and which its helpers are, and goes on
when it is told a line.
"""

import multiprocessing
import sys
from functools import partial

import wsgi
from app.sync import running
from app.sync.inward import points
from app.sync.inward.engine import run_source
from app.sync.watching import watch

IN_HAND = "a page is in hand"


def _wait_to_be_told(point: str) -> None:
    if point == "begun":
        helpers = [each.pid or 0 for each in multiprocessing.active_children()]
        print(IN_HAND, *sorted(helpers), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    running.run_source = partial(run_source, page_rows=2)  # type: ignore[attr-defined]
    points.watch(_wait_to_be_told)
    app = wsgi.create_app()
    with app.app_context():
        watch(app.extensions["linli.streams"], int(sys.argv[1]))
