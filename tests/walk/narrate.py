"""`make demo`: walks one real day on a running server and tells it, request by request."""

import json
import os
import sys
import time
from pathlib import Path

from tests.people import PEOPLE
from tests.surroundings import ROOT
from tests.walk.phone import Answer, Phone
from tests.walk.sign_in import Inbox, Sessions
from tests.walk.steps import Walk, WalkBroken

OUTCOME_WITHIN = 30.0
BOLD, DIM, GREEN, RED, PLAIN = "\033[1m", "\033[2m", "\033[32m", "\033[31m", "\033[0m"


class Terminal:
    """Tells the walk, in colours where there is somebody to see them."""

    def __init__(self) -> None:
        self._number, self._colours = 0, sys.stdout.isatty()

    def step(self, zh: str, en: str) -> None:
        """Announce a step."""
        self._number += 1
        print(f"\n{self._in(BOLD, f'{self._number}. {zh}')}  {self._in(DIM, en)}")

    def came(self, phone: Phone, sent: str, answer: Answer, *, show: object = None) -> None:
        """Tell what was sent and what came back; never a token."""
        status = self._in(GREEN if answer.status < 400 else RED, str(answer.status))
        shown = "" if show in (None, "") else f"  {json.dumps(show, ensure_ascii=False)}"
        print(f"   {phone.owner:<13} {sent}")
        print(f"   {'':<13} → {status}{shown}")

    def note(self, words: str) -> None:
        """Add a remark."""
        print(f"   {self._in(DIM, words)}")

    def _in(self, colour: str, words: str) -> str:
        return f"{colour}{words}{PLAIN}" if self._colours else words


def main() -> int:
    """Walk and tell; return 0 if every promise held."""
    base = os.environ.get("BASE", "http://127.0.0.1:8000")
    state = Path(os.environ.get("LINLI_STATE") or ROOT / ".linli")
    tell = Terminal()
    try:
        Phone(base, "visitor").get("/readyz")
    except OSError:
        print(f"Nobody answers at {base}. Start Linli first, in another terminal: make run")
        return 1
    sessions = Sessions(Inbox(state / "sms.jsonl"), tell, kept=state / "demo.json")
    try:
        _tell_the_day(Walk(base, PEOPLE, sessions.sign_in, tell), tell, state / "exchange-out")
    except WalkBroken as broken:
        print(f"\nThe walk stopped here: {broken}")
        return 1
    print("\nEvery promise held. The people in it are made up.")
    return 0


def _tell_the_day(walk: Walk, tell: Terminal, out: Path) -> None:
    tell.step("登录与实名", "people sign in; residents are matched to the population register")
    for who in walk.phones:
        walk.arrive(who)
    tell.step(
        "在浪头镇提交诉求,断网后重发", "a request is filed, the network fails, the phone repeats"
    )
    walk.file_and_lose_the_answer()
    tell.step("附近的诉求,由近到远", "a neighbour finds it nearby, nearest first, in metres")
    walk.find_nearby()
    tell.step("两名网格员同时认领", "two grid workers claim it at the same instant")
    walk.claim_at_the_same_instant()
    tell.step("办结与好差评", "it is settled, and rated by the resident")
    walk.settle_and_rate()
    tell.step("向片区发布通知", "staff publish a notice to a sub-zone; nobody else sees it")
    walk.publish_a_notice()
    tell.step("结果回传", "the outcome reaches the district's side of the exchange, once")
    _await_outcomes(walk, tell, out)


def _await_outcomes(walk: Walk, tell: Terminal, out: Path) -> None:
    deadline = time.monotonic() + OUTCOME_WITHIN
    found: list[Path] = []
    while len(found) < 3 and time.monotonic() < deadline:
        found = sorted(out.glob(f"request-{walk.request['id']}-*.ok"))
        time.sleep(0.1)
    for path in found:
        outcome = json.loads(path.with_suffix(".json").read_text("utf-8"))
        tell.note(f"{outcome['seq']}  {outcome['kind']:<16} {path.with_suffix('.json').name}")
    if len(found) != 3:
        raise WalkBroken(f"three outcomes, each once; found {len(found)}")
    tell.note("that they arrive once although a worker is killed in between: tests/walk shows it")


if __name__ == "__main__":
    sys.exit(main())
