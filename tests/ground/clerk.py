"""A worker process for the tests: one sweep that fails, one that takes messages and says so."""

import os
import sys
import time
from datetime import timedelta

import wsgi
from app.database import db, transaction, write
from app.factory import assemble
from app.settings import from_environment
from app.sms.models import SmsMessage
from app.worker import Sweep, claim, run_worker

RARELY = 600.0  # seconds: what happens sooner was woken


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def fail() -> int:
    say("failing")
    raise ValueError("a sweep with a fault")


def deliver() -> int:
    taken = claim(SmsMessage, limit=1, lease=timedelta(seconds=30))
    for message in taken:
        say(f"begun {message.id}")
        time.sleep(float(os.environ["CLERK_TAKES"]))
        with transaction():
            write("DELETE FROM sms_message WHERE id = %(id)s", {"id": message.id})
        say(f"done {message.id}")
    if not taken:
        say("looked")
    return len(taken)


def main() -> None:
    app = assemble(from_environment(os.environ), wsgi.FEATURES)
    with app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        run_worker([Sweep("failing", fail, RARELY), Sweep("sms", deliver, RARELY)], url)
    say("stopped")


if __name__ == "__main__":
    main()
