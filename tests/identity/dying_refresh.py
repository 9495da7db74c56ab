"""A server that is killed when a rotation is committed and its answer is not sent yet."""

import os
import signal
import sys
import uuid

import wsgi
from app.factory import assemble
from app.identity.sessions import lasting
from app.settings import from_environment

if __name__ == "__main__":
    token, rotation = sys.argv[1:]
    with assemble(from_environment(os.environ), wsgi.FEATURES).app_context():
        lasting.refresh(token, uuid.UUID(rotation))
        os.kill(os.getpid(), signal.SIGKILL)
