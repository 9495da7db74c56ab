"""The district that answers: serves its records, drops them, fills tables, takes outcomes.

Its folder (--data) holds all it knows. A running server sees at once what another command does to
the folder:

  DISTRICT_KEY=... python -m sample.district serve --data D --records sample/records
  python -m sample.district drop --data D OUT
  python -m sample.district fill --data D mysql://root@127.0.0.1:3306/qzk
  python -m sample.district collect --data D OUT
  python -m sample.district put --data D residents sid=R1 name=...
  python -m sample.district delete --data D residents R1
  python -m sample.district reuse-version --data D residents R1 phone=...
  python -m sample.district misbehave --data D --times 3 error status=503
  python -m sample.district behave --data D
  python -m sample.district received --data D

The key that signs requests is in the environment variable DISTRICT_KEY, at least 32 characters.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sample.district.books import Books
from sample.district.dropping import drop, read_drop
from sample.district.faults import FAULTS, Faults
from sample.district.filling import collect, fill
from sample.district.outcomes import Outcomes
from sample.district.records import Records
from sample.district.server import District
from sample.district.signatures import Gate

KEY_VARIABLE = "DISTRICT_KEY"
SHORTEST_KEY = 32


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    asked = _parser().parse_args(arguments)
    books = Books(asked.data)
    records, faults = Records(books), Faults(books)
    match asked.command:
        case "serve":
            _serve(books, asked)
        case "drop":
            drop(books, asked.folder)
        case "fill":
            print(f"{fill(books, asked.url):,} records stand in the tables")
        case "collect":
            print(f"{collect(books, asked.place):,} outcomes taken")
        case "put":
            records.put(asked.stream, [_pairs(asked.values)])
        case "delete":
            records.delete(asked.stream, asked.sid)
        case "reuse-version":
            records.reuse_version(asked.stream, asked.sid, **_pairs(asked.values))
        case "misbehave":
            faults.misbehave(asked.fault, asked.times, asked.on, **_pairs(asked.values))
        case "behave":
            faults.behave()
        case "received":
            for outcome in Outcomes(books).received():
                print(json.dumps([outcome.key, outcome.times, outcome.envelope]))


def _serve(books: Books, asked: argparse.Namespace) -> None:
    key = os.environ.get(KEY_VARIABLE, "")
    if len(key) < SHORTEST_KEY:
        sys.exit(f"{KEY_VARIABLE} must hold a key of at least {SHORTEST_KEY} characters")
    if asked.records:
        _load(books, asked.records)
    with District(books, Gate(asked.key_id, key.encode()), asked.host, asked.port) as district:
        if asked.certificate:
            district.secure(asked.certificate, asked.certificate_key)
        scheme = "https" if asked.certificate else "http"
        print(f"{scheme}://{asked.host}:{district.server_port}", flush=True)
        district.serve_forever()


def _load(books: Books, folder: Path) -> None:
    """Put the records of a drop, unless there are records already."""
    records = Records(books)
    if records.streams():
        return
    for stream, rows in read_drop(folder):
        records.put(stream, rows)


def _pairs(values: Sequence[str]) -> dict[str, Any]:
    """Read ``name=value``; whole numbers become numbers."""
    pairs = (value.partition("=") for value in values)
    return {name: int(text) if text.isdecimal() else text for name, _, text in pairs}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sample.district",
        description=__doc__,
        epilog="faults:\n" + "\n".join(f"  {name:18}{words}" for name, words in FAULTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    made = {
        name: commands.add_parser(name, help=words)
        for name, words in {
            "serve": "answer over HTTP; the address is printed first",
            "drop": "write all live records as files with a manifest",
            "fill": "bring the tables of a front-end database in step with the records",
            "collect": "take the outcomes that lie in a folder or in the table of a database",
            "put": "change or add a record",
            "delete": "say that a record is gone",
            "reuse-version": "change a record and keep its version",
            "misbehave": "do something wrong",
            "behave": "do nothing wrong any more",
            "received": "print the outcomes that were taken",
        }.items()
    }
    for each in made.values():
        each.add_argument("--data", type=Path, required=True, help="the district's folder")
    _serve_options(made["serve"])
    made["drop"].add_argument("folder", type=Path)
    made["fill"].add_argument("url", help="postgresql://… or mysql://…")
    made["collect"].add_argument("place", help="a folder, or such an address")
    for name in ("put", "delete", "reuse-version"):
        made[name].add_argument("stream")
    for name in ("delete", "reuse-version"):
        made[name].add_argument("sid")
    made["misbehave"].add_argument("fault", choices=FAULTS)
    made["misbehave"].add_argument("--times", type=int, default=1, help="0: always")
    made["misbehave"].add_argument("--on", default="", help="only where a path contains this")
    for name in ("put", "reuse-version", "misbehave"):
        made[name].add_argument("values", nargs="*", metavar="name=value")
    return parser


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--records", type=Path, help="a drop to begin with, as sample/records")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=0, help="0: a free one")
    serve.add_argument("--key-id", default="linli")
    serve.add_argument("--certificate", type=Path, help="speak TLS, with --certificate-key")
    serve.add_argument("--certificate-key", type=Path)


if __name__ == "__main__":
    main()
