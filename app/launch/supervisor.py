"""Keeps a few children running together, and leaves nobody behind."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.launch.children import Child, Running
from app.launch.signals import Signals

BEAT = 0.1  # seconds between two looks; an ending child or a signal is seen at once
SECOND = 1.0
MINUTE = 60.0


def _say(line: str) -> None:
    print(line, flush=True)


@dataclass
class Supervisor:
    """Starts the children in order, watches them, and ends them in the same order.

    ``note`` is told who runs whenever that changes; ``fallen`` names something else that we need
    and that is gone, or returns None; ``say`` tells the person at the terminal.
    """

    signals: Signals
    note: Callable[[Iterable[Running]], None] = lambda _: None
    fallen: Callable[[], str | None] = lambda: None
    say: Callable[[str], None] = _say
    _running: list[Running] = field(default_factory=list)
    _deaths: dict[str, list[float]] = field(default_factory=dict)

    def run_to_end(self, child: Child) -> bool:
        """Run a child that has an end; tell whether it did its work and nobody asked us to stop."""
        if self.signals.asked:
            return False
        one = self._begin(child)
        while not one.ended() and not self.signals.asked:
            self.signals.wait(MINUTE)
        if not one.ended():
            self.stop()
            return False
        self._forget(one)
        if one.process.returncode != 0:
            self.say(f"{child.name} {one.how()}; nothing was started.")
        return one.process.returncode == 0 and not self.signals.asked

    def keep(
        self,
        plan: Sequence[Child],
        ready: Callable[[], bool],
        announce: Callable[[], None],
        by: float,
    ) -> int:
        """Keep the children of ``plan`` running until someone asks us to end; return the exit code.

        ``announce`` is called once, when ``ready``; not to be ready ``by`` (monotonic seconds) is a
        failure. 0 means that we were asked to end, 1 that we had to.
        """
        for child in plan:
            self._begin(child)
        announced = False
        while not self.signals.asked:
            trouble = self._trouble()
            if trouble is None and not announced:
                announced = ready()
                if announced:
                    announce()
                elif time.monotonic() > by:
                    trouble = "it did not become ready in time"
            if trouble is not None:
                self.say(f"Linli stops: {trouble}.")
                self.stop()
                return 1
            self.signals.wait(SECOND if announced else BEAT)
        self.stop()
        return 0

    def stop(self) -> None:
        """End all children in order, each within its patience; to be asked again ends it."""
        already = self.signals.asked
        for one in list(self._running):
            one.ask_to_end()
            deadline = time.monotonic() + one.child.patience
            while not one.ended() and time.monotonic() < deadline and self.signals.asked <= already:
                self.signals.wait(BEAT)
            self._forget(one)

    def _begin(self, child: Child) -> Running:
        one = Running(child)
        self._running.append(one)
        self.note(self._running)
        return one

    def _forget(self, one: Running) -> None:
        one.end()  # also what it may have started and left
        self._running.remove(one)
        self.note(self._running)

    def _trouble(self) -> str | None:
        for one in [one for one in self._running if one.ended()]:
            self._forget(one)
            if not self._may_restart(one.child):
                return f"{one.child.name} {one.how()}"
            self.say(f"{one.child.name} {one.how()}; it is started again.")
            self._begin(one.child)
        return self.fallen()

    def _may_restart(self, child: Child) -> bool:
        now = time.monotonic()
        recent = [at for at in self._deaths.get(child.name, []) if now - at < MINUTE]
        self._deaths[child.name] = [*recent, now]
        return len(recent) < child.restarts
