"""What a helper does before its first page: it lets go of its parent's affairs, not of its parent.

A fork has all that its parent had open. It would hold the ends of its own queue's pipe, and so wait
for pages long after the parent was killed, with keys and people's records in its memory. And it
would hold the parent's connections: the server would take a page in hand for one that goes on.
"""

import multiprocessing
import os
import signal
import stat
import threading
from contextlib import suppress
from multiprocessing.context import ForkContext, ForkProcess

OPEN_FILES = "/dev/fd"
ALL_STANDARD = 2
"""The last of the standard streams, of which a service's may be sockets."""


class Helper(ForkProcess):
    """A process that is forked and hears no other signal than the last one."""

    def terminate(self) -> None:
        """End it: it hears nothing milder."""
        self.kill()


class Forking(ForkContext):
    """How a pool of helpers is started."""

    Process = Helper


def begin() -> None:
    """Begin as a helper.

    A signal to stop is the reader's, which takes the page in hand from its helpers first; from a
    terminal, or from who stops a service, it comes to all of them.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    _let_go_of_sockets()
    threading.Thread(target=_end_with_parent, name="sync parent", daemon=True).start()


def _let_go_of_sockets() -> None:
    """Put nothing in the place of each socket, without a word on any of them.

    Its number stays taken: whatever believes in the socket closes no file of this process for it.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in map(int, os.listdir(OPEN_FILES)):
        with suppress(OSError):  # the one by which they were listed
            if number > ALL_STANDARD and stat.S_ISSOCK(os.fstat(number).st_mode):
                os.dup2(nothing, number, inheritable=False)
    os.close(nothing)


def _end_with_parent() -> None:
    """End as soon as the parent does, however it ended.

    The kernel closes a pipe then that the parent alone holds, and the helpers forked later: they
    end one after the other, the last one first.
    """
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)
