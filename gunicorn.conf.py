"""The web server's settings. Why each: docs/operations.md."""

import os
from pathlib import Path
from typing import Any

from app.database import dispose_after_fork

MEMORY = Path("/dev/shm")  # noqa: S108  gunicorn makes its own nameless file there

bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"  # the work waits for SQL: a few threads, each with a connection
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 30
graceful_timeout = 30  # longer than the longest request
keepalive = 5
max_requests = 50_000
max_requests_jitter = 5_000
preload_app = True
control_socket_disable = True
loglevel = "error"  # its warnings quote the request line and the address of whoever sent it
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
if MEMORY.is_dir():
    worker_tmp_dir = str(MEMORY)  # a slow disk must not look like a dead worker


def post_fork(_server: object, worker: Any) -> None:
    """Let no two processes talk over one database connection."""
    dispose_after_fork(worker.app.wsgi())
