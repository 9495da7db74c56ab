"""`make demo`: walks one real day on a running server and tells it, request by request.

Reads ``BASE``, and as `make run` does ``LINLI_STATE``, ``LINLI_SMS_COPY`` and
``LINLI_EXCHANGE_OUT``. It may be walked again and again: sessions are kept in the state folder.
"""

import http.client
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.surroundings import RECORDS, ROOT
from tests.walk import case, notice
from tests.walk.arriving import everybody_arrives
from tests.walk.day import Day
from tests.walk.outcomes import OF_A_CASE, outcomes
from tests.walk.phone import Phone
from tests.walk.promises import WalkBroken, expect
from tests.walk.sign_in import Messages, Sessions
from tests.walk.terminal import Terminal

OUTCOMES_WITHIN = 30.0  # seconds

STEPS = (
    (
        "在浪头镇提交诉求,断网后重发",
        "a resident files, the network fails, the phone repeats",
        case.file_and_lose_the_answer,
    ),
    ("按网格边界派单", "it is dispatched to its grid by polygon", case.see_its_grid),
    ("附近另有两件诉求", "somebody else files two, farther away", case.others_ask_nearby),
    ("附近的诉求,由近到远", "nearby finds them, nearest first, in metres", case.find_nearby),
    ("撤回那两件", "whoever filed may withdraw", case.withdraw_the_others),
    ("两名网格员同时认领", "two workers claim at one instant", case.claim_at_the_same_instant),
    ("办结与好差评", "it is settled, and rated by the resident", case.settle_and_rate),
    ("向片区发布通知", "staff publish to a sub-zone; elsewhere unseen", notice.publish_and_read),
)


def main(environ: Mapping[str, str]) -> int:
    """Walk and tell; return 0 if every promise held, 1 with words if not."""
    base, began = environ.get("BASE") or "http://127.0.0.1:8000", time.monotonic()
    if not base.startswith("http://"):
        print(f"BASE must begin with http://, as in http://127.0.0.1:8000, unlike {base}")
        return 1
    if not _is_ready(base):
        print(f"No Linli is ready at {base}. Start it first, in another terminal: make run")
        return 1
    tell = Terminal()
    day = Day(base, json.loads((RECORDS / "people.json").read_text("utf-8")), tell)
    try:
        _tell_the_day(day, tell, environ)
    except WalkBroken as broken:
        print(f"\nThe walk stopped here: {broken}.")
        return 1
    except (OSError, http.client.HTTPException) as fault:
        print(f"\nThe walk stopped here: {base} does not answer any more ({fault}).")
        return 1
    print(_summary(day))
    print(f"\nEvery promise held: {tell.asked} requests told, {time.monotonic() - began:.1f} s.")
    print("The people in it are made up.")
    return 0


def _is_ready(base: str) -> bool:
    try:
        return bool(Phone(base, "visitor").get("/readyz").body == {"status": "ready"})
    except (OSError, ValueError, http.client.HTTPException):
        return False


def _tell_the_day(day: Day, tell: Terminal, environ: Mapping[str, str]) -> None:
    state = Path(environ.get("LINLI_STATE") or ROOT / ".linli")
    messages = Messages(Path(environ.get("LINLI_SMS_COPY") or state / "sms.jsonl"))
    tell.step("登录与实名", "people sign in; residents are matched to the population register")
    everybody_arrives(day, Sessions(messages, tell, kept=state / "demo.json"))
    for zh, en, deed in STEPS:
        tell.step(zh, en)
        deed(day)
    tell.step("结果回传", "the outcomes reach the district's side of the exchange, each once")
    _tell_outcomes(day, tell, Path(environ.get("LINLI_EXCHANGE_OUT") or state / "exchange-out"))


def _tell_outcomes(day: Day, tell: Terminal, folder: Path) -> None:
    deadline, wanted = time.monotonic() + OUTCOMES_WITHIN, len(OF_A_CASE)
    while len(outcomes(folder, day.case["id"])) < wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    found = outcomes(folder, day.case["id"])
    for outcome in found:
        tell.note(f"{outcome['seq']}  {outcome['kind']:<16} {outcome['key']}.json")
    kinds = [outcome["kind"] for outcome in found]
    expect(kinds == [*OF_A_CASE], f"filed, settled, rated, each once, in {folder}: found {kinds}")
    tell.note("tests/walk shows that it stays once when the worker is killed in between")


def _summary(day: Day) -> str:
    number = day.case["number"]
    return "\n".join(
        (
            "",
            f"   one request      {number}, though the phone sent it twice",
            f"   one grid         {day.case['grid_code']}, by its polygon",
            f"   one worker       {day.winner} got it, {day.loser} was told that it is taken",
            f"   one sub-zone     {notice.SUB_ZONE} saw the notice, the neighbour did not",
            f"   one outcome each {', '.join(OF_A_CASE)}",
        )
    )


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ))
    except KeyboardInterrupt:
        sys.exit(130)
