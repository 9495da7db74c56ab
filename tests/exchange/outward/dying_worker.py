"""``python -m tests.exchange.outward.dying_worker MOMENT``: a worker killed while it sends.

MOMENT is ``before`` anything is handed over, in the middle of a ``draft``, ``unmarked`` (the file
is there, its mark is not), or ``after`` the outcome lies in the folder and before the books know.
Ends by SIGKILL if there was something to send, and with 0 if there was not.
"""

import os
import signal
import sys

import wsgi
from app.factory import assemble
from app.settings import from_environment
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.files import FileDropOut


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """Hands over as the real one does, but for the moment of its death."""

    def __init__(self, real: FileDropOut, moment: str) -> None:
        self._real, self._moment = real, moment

    def send(self, key: str, envelope: bytes) -> str:
        if self._moment == "before":
            die()
        if self._moment == "draft":
            os.fsync = die  # type: ignore[assignment]
        if self._moment == "unmarked":
            self._real._flush = die  # type: ignore[method-assign]
        receipt = self._real.send(key, envelope)
        die()
        return receipt


def main(moment: str) -> None:
    settings = from_environment(os.environ)
    dying = Dying(FileDropOut(settings.exchange_out), moment)
    with assemble(settings, wsgi.FEATURES).app_context():
        delivery_sweep(lambda: dying, lanes=1).run()


if __name__ == "__main__":
    main(sys.argv[1])
