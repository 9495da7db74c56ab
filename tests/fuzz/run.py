"""``python -m tests.fuzz.run``: send a live Linli what its API does not expect.

Every operation gets examples, bounds, noise and sequences from Schemathesis, as two residents and
a member of staff. Then two faults are planted on purpose, and the same must find both; with
``--planted`` only that is done. ``SEED=…`` repeats a run.
"""

import argparse
import base64
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import wsgi
from app.factory import assemble
from app.settings import from_environment
from tests import surroundings
from tests.fuzz.answers import Answers
from tests.fuzz.beyond import BEYOND
from tests.fuzz.server import serving
from tests.fuzz.verdict import Verdict
from tests.fuzz.world import World, furnish

SETTINGS = Path(__file__).with_name("schemathesis.toml")
SEED = os.environ.get("SEED") or "20261123"

PUSH = {
    "LINLI_VAPID_KEY": base64.b64encode(bytes(range(1, 33))).decode(),
    "LINLI_VAPID_SUBJECT": "mailto:nobody@example.org",
}
"""So that push is offered; nothing is sent, no worker runs."""

PLANTED = {
    "matters.list_matters": ("Server error", "GET /api/v1/matters"),
    "requests.show_request": (
        "Custom check failed: `mine_is_nobody_elses`",
        "GET /api/v1/requests/{id}",
    ),
}
"""Operations with a fault of app/http/planted.py, and how each is found."""
RUNS = 3
"""A run is so long, and not so many cases; on a slow machine it is repeated with another seed."""

PLANTED_S = 20
ANOTHER_S = 60


def main(arguments: list[str]) -> int:
    """Run what is asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run")
    parser.add_argument("--planted", action="store_true", help="only look for the planted faults")
    only_planted = parser.parse_args(arguments).planted
    said: list[str] = []
    with _installation() as installation:
        expected = installation.operations - BEYOND.keys()
        verdict = None if only_planted else installation.fuzz()
        if verdict:
            verdict = _with_enough(installation, verdict)
            verdict, found = _with_another_look(installation, verdict, expected)
            said += [*verdict.complaints(expected), *found]
            for name in verdict.more_than_expected(BEYOND.keys()):
                print(f"  {name} succeeded and may leave tests/fuzz/beyond.py")
        said += _missed(installation)
    for line in said:
        print(f"  ! {line}")
    print(verdict.summary if verdict else f"fuzz: {len(said)} planted faults missed")
    return 1 if said else 0


@dataclass(frozen=True, slots=True)
class Installation:
    """A furnished Linli: the run's folder, its settings and the operations that it has."""

    folder: Path
    environ: Mapping[str, str]
    operations: frozenset[str]

    def fuzz(
        self, *options: str, quietly: bool = False, seed: str = SEED, **settings: str
    ) -> Verdict:
        """Serve it with ``settings`` beside its own, and let Schemathesis loose on it.

        ``quietly``: what is found was planted, and need not look like a failure.
        """
        log = self.folder / f"server {len(settings)}.log"
        with serving({**self.environ, **settings}, log) as address:
            command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"]
            subprocess.run(
                [*command, f"--seed={seed}", "--report-json-path=report.json", *options],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(surroundings.ROOT)},
                stdout=subprocess.DEVNULL if quietly else None,
                check=False,  # the report says more than the exit code
            )
        answers = Answers.read(log)
        for line in () if quietly else answers.words:
            print(f"  server: {line}")
        return Verdict(json.loads((self.folder / "report.json").read_text("utf-8")), answers)


def _with_enough(installation: Installation, verdict: Verdict) -> Verdict:
    """Run again while too few cases were made and all is well; return all that was shown."""
    for number in range(1, RUNS):
        if not verdict.is_starved or verdict.found:
            break
        print("\nToo few cases in that time: once more, with another seed.", flush=True)
        more = installation.fuzz(seed=str(int(SEED) + number))
        verdict = verdict.with_more(more)
    return verdict


def _with_another_look(
    installation: Installation, verdict: Verdict, expected: Set[str]
) -> tuple[Verdict, list[str]]:
    """Give what noise did not bring to success a minute of its own; return what that found, too.

    Whether an operation with a large body succeeds among a hundred tries is a matter of luck.
    """
    refused = sorted(expected - verdict.answers.with_success())
    if not refused:
        return verdict, []
    print(f"\nAnother look at {', '.join(refused)}.", flush=True)
    chosen = [f"--include-operation-id={name}" for name in refused]
    again = installation.fuzz("--phases=coverage,fuzzing", f"--max-time={ANOTHER_S}", *chosen)
    found = [f"{title}: {operation}" for title, operation in sorted(again.found)]
    return Verdict(verdict.report, again.answers), found


def _missed(installation: Installation) -> list[str]:
    """Plant the faults and say which of them were not found."""
    print("\nWith two faults planted, to see that they are found.", flush=True)
    chosen = [f"--include-operation-id={name}" for name in PLANTED]
    options = ["--phases=coverage,fuzzing", f"--max-time={PLANTED_S}", *chosen]
    found = installation.fuzz(*options, quietly=True, LINLI_PLANTED_FAULTS="yes").found
    print(
        f"{len(found & set(PLANTED.values()))} of {len(PLANTED)} planted faults found", flush=True
    )
    return [f"planted, not found: {name}" for name, fault in PLANTED.items() if fault not in found]


@contextmanager
def _installation() -> Iterator[Installation]:
    """Yield a Linli in a folder and with a database of its own; leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="linli fuzz "))
    os.environ[surroundings.RUN] = str(folder)
    try:
        environ = {**surroundings.environment(surroundings.clone("fuzz"), folder), **PUSH}
        app = assemble(from_environment(environ), wsgi.FEATURES)
        logging.getLogger("linli").setLevel(logging.WARNING)
        _tell(folder, furnish(app))
        endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
        operations = frozenset(name for name in endpoints if not name.startswith("system."))
        yield Installation(folder, environ, operations)
    finally:
        surroundings.tear_down()
        shutil.rmtree(folder, ignore_errors=True)


def _tell(folder: Path, world: World) -> None:
    """Write what Schemathesis and tests/fuzz/hooks.py read."""
    people = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": token}]}
        for name, token in world.callers.items()
    ]
    for name, content in (
        ("auth.json", {"auth": people}),
        ("callers.json", world.callers),
        ("spare.json", world.spare),
    ):
        (folder / name).write_text(json.dumps(content), "utf-8")
    known = "".join(
        f"\n[dictionaries.{name}]\nvalues = {json.dumps(values, ensure_ascii=False)}\n"
        for name, values in world.known.items()
    )
    (folder / SETTINGS.name).write_text(SETTINGS.read_text("utf-8") + known, "utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
