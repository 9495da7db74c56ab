"""The web, of which there are many processes, does without what only reading sources needs."""

import json
import os
import subprocess
import sys

from tests.surroundings import ROOT, environment

HEAVY = {
    "PIL",
    "minio",
    "concurrent.futures.process",
    "multiprocessing.pool",
    "oracledb",
    "pyarrow",
    "pymysql",
    "python_calamine",
}
LOADED = """
import json, sys, wsgi
app = wsgi.create_app()
with app.test_request_context():
    app.extensions["linli.description"]()
print(json.dumps(sorted(sys.modules)))
"""


def test_the_web_loads_no_reader_of_sources() -> None:
    """A process that only answers phones is small, and starts at once."""
    folder = ROOT / "no-such-folder"
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env={**os.environ, **environment("postgresql://nobody@localhost/none", folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "app.sync.commands" in loaded
    assert not HEAVY & loaded
    assert not {"app.sync.running", "app.sync.looking", "app.sync.watching"} & loaded
