"""A worker that is killed at the worst moment: the outcome is sent, but not recorded as sent.

Ends by SIGKILL if there was something to send, and with 0 if there was not.
"""

import os
import signal
from pathlib import Path

import wsgi
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.files import FileDropOut


class DyingTransport:
    """Hands over as the real one does, and then its process is gone."""

    def __init__(self, real: FileDropOut) -> None:
        self._real = real

    def send(self, key: str, envelope: bytes) -> str:
        """Send, and die by SIGKILL before anybody can say that it was sent."""
        receipt = self._real.send(key, envelope)
        os.kill(os.getpid(), signal.SIGKILL)
        return receipt


def main() -> None:
    """Run the product's own sweep once."""
    app = wsgi.create_app()
    out = FileDropOut(Path(os.environ["LINLI_EXCHANGE_OUT"]))
    with app.app_context():
        delivery_sweep(lambda: DyingTransport(out)).run()


if __name__ == "__main__":
    main()
