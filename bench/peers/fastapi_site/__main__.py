"""``python -m bench.peers.fastapi_site``: uvicorn with its processes."""

import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run(
        "bench.peers.fastapi_site.main:app",
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        workers=int(os.environ["WEB_CONCURRENCY"]),
        access_log=False,
        log_level="warning",
    )
