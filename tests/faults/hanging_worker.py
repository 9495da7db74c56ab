"""``python -m tests.faults.hanging_worker …``: ``flask work …`` whose usual provider never answers.

It says whom it hangs on, and of which emergency it told people; the usual send waits for ever.
"""

import sys
import threading
from collections.abc import Sequence

from flask.cli import ScriptInfo

import wsgi
from notices.channels.choice import PUSH
from notices.channels.protocol import Channels, Message, Outcome, Recipient
from notices.delivery.feature import KEPT
from tests.delivery.fakes import FakeChannel

HANGS, TOLD = "hangs on", "told of"


class Hanging(FakeChannel):
    """Reaches every resident; only emergencies get through."""

    def send(self, message: Message, batch: Sequence[Recipient]) -> list[Outcome]:
        if not message.emergency:
            print(HANGS, message.notice_id, flush=True)
            threading.Event().wait()
        print(TOLD, message.notice_id, flush=True)
        return super().send(message, batch)


if __name__ == "__main__":
    app = wsgi.create_app()
    app.extensions[KEPT] = Channels((Hanging(name=PUSH),))
    app.cli.commands["work"].main(sys.argv[1:], obj=ScriptInfo(create_app=lambda: app))
