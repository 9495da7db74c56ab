"""The three ways out as a district has them: a service, a folder, a table of its front-end."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings.section import Section
from app.sync.outward.delivery import delivery_sweep
from app.sync.outward.files import FileDropOut
from app.sync.outward.frontend import configured as to_table
from app.sync.outward.protocol import Transport
from tests.exchange.district_process import started
from tests.exchange.frontend.servers import database, rows_of
from tests.exchange.http.reading import transport_to

WAYS = ("service", "folder", "postgresql", "mysql")
CHOOSY = ("service", "postgresql", "mysql")  # a folder takes everything

Took = list[tuple[str, int]]


@dataclass(frozen=True)
class Way:
    """A way out, what the district took by it (subject and number, as it came), and its moods.

    ``make`` opens the way once more, for one more worker.
    """

    make: Callable[[], Transport]
    taken: Callable[[], Took]
    leave: Callable[[], None]
    come_back: Callable[[], None]
    dislike: Callable[[str], None] | None
    """Have it decline what is told of a subject; a folder declines nothing."""

    def sweep(self) -> None:
        """Deliver until nothing is due."""
        sweep = delivery_sweep(self.make)
        while sweep.run():
            continue


@contextmanager
def service(folder: Path) -> Iterator[Way]:
    with started(folder / "district") as district:

        def taken() -> Took:
            return [_said(each.envelope) for each in district.received()]

        yield Way(
            lambda: transport_to(district, patience="1s", answer_within="1s"),
            taken,
            lambda: district.misbehave("error", 0, status=503),
            district.behave,
            lambda _subject: district.misbehave("decline", 1, on="/outcomes"),
        )


@contextmanager
def folder(folder: Path) -> Iterator[Way]:
    place, away = folder / "out", folder / "away"

    def taken() -> Took:
        marked = sorted(place.glob("*.ok"), key=lambda each: each.stat().st_mtime_ns)
        return [_said(json.loads(each.with_suffix(".json").read_bytes())) for each in marked]

    def leave() -> None:
        if place.exists():
            place.rename(away)
        place.write_text("a file where a folder should be")

    def come_back() -> None:
        place.unlink()
        if away.exists():
            away.rename(place)

    yield Way(lambda: FileDropOut(place), taken, leave, come_back, None)


@contextmanager
def table(kind: str) -> Iterator[Way]:
    with database(kind) as server:
        quote = '"' if kind == "postgresql" else "`"

        def spelt(words: str) -> str:
            return words.replace('"', quote)

        number = "AUTO_INCREMENT" if kind == "mysql" else "GENERATED ALWAYS AS IDENTITY"
        server.do(
            spelt(
                f'CREATE TABLE "T_BJJG" ("LSH" bigint {number} PRIMARY KEY,'
                ' "WYBS" varchar(200) NOT NULL UNIQUE, "NR" varchar(8000) NOT NULL,'
                ' "BH" varchar(36) NOT NULL)'
            )
        )
        columns = {"key": "WYBS", "envelope": "NR", "subject_id": "BH"}
        said: dict[str, Any] = {"kind": kind, "url_env": "OUT", "table": "T_BJJG"}
        section = Section("out", {**said, "columns": columns}, {"OUT": server.url})

        def taken() -> Took:
            found = rows_of(server, spelt('SELECT "NR" FROM "T_BJJG" ORDER BY "LSH"'))
            return [_said(json.loads(words)) for (words,) in found]

        def dislike(subject: str) -> None:
            """Have a rule over there that no row about it passes."""
            server.do(
                spelt(f'ALTER TABLE "T_BJJG" ADD CONSTRAINT known CHECK ("BH" <> \'{subject}\')')
            )

        yield Way(
            lambda: to_table(section),
            taken,
            lambda: server.do(spelt('ALTER TABLE "T_BJJG" RENAME TO "T_GONE"')),
            lambda: server.do(spelt('ALTER TABLE "T_GONE" RENAME TO "T_BJJG"')),
            dislike,
        )


def _said(envelope: Any) -> tuple[str, int]:
    return envelope["subject_id"], envelope["seq"]
