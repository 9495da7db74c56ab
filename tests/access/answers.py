"""Asking one operation as everybody, and the table of answers that were read and found right."""

import csv
import json
import re
import uuid
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.test import TestResponse

from tests.access.cast import Cast
from tests.access.things import MISSING, OWN_IDS, maker, version_of
from tests.people import Caller
from tests.surroundings import ROOT

GOLDEN = Path(__file__).with_name("answers.csv")
OPERATIONS = ROOT / "docs" / "policy.csv"
PARAMETER = r"<(?:([^:<>]+):)?(\w+)>"
CODES = {"code": "DDHT", "source": "district", "stream": "areas", "digest": "00"}


class Operation(NamedTuple):
    """An operation, its method and its rule."""

    name: str
    method: str


def operations() -> list[Operation]:
    """Return every operation of the policy table."""
    with OPERATIONS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return sorted({Operation(row["operation"], row["method"]) for row in rows})


def golden() -> dict[Operation, dict[str, str]]:
    """Return the answers as they were last read: who gets which."""
    found: dict[Operation, dict[str, str]] = defaultdict(dict)
    with GOLDEN.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[Operation(row["operation"], row["method"])][row["who"]] = row["answer"]
    return found


class Question:
    """One operation as it is asked: example body, needed parameters, a thing at the place."""

    def __init__(self, app: Flask, cast: Cast, operation: Operation, *, made: bool = True) -> None:
        self.operation = operation
        self._cast = cast
        rule = next(
            rule.rule
            for rule in app.url_map.iter_rules()
            if rule.endpoint == operation.name and operation.method in (rule.methods or ())
        )
        self._rule = rule
        make = maker(operation.name, rule) if made else None
        self._described = _described(app, rule, operation.method)
        self._key = make(cast) if make else MISSING

    @property
    def names_a_thing(self) -> bool:
        """Tell whether the path names a thing by its id."""
        return any(f"<uuid:{name}>" in self._rule for name in OWN_IDS)

    def ask(self, who: str) -> str:
        """Ask, and return the status, with the name of the problem where there is one."""
        answer = self.answer(who)
        if answer.mimetype != "application/problem+json":
            return str(answer.status_code)
        problem = str((answer.json or {})["type"]).rpartition(":")[2]
        return f"{answer.status_code} {problem}"

    def answer(self, who: str, key: str | None = None) -> TestResponse:
        """Ask for the thing of ``key`` or for the question's own, and return the answer."""
        self._key = key or self._key
        caller: Caller = self._cast.callers[who]
        path = re.sub(PARAMETER, self._named, self._rule)
        headers = {
            **caller.headers,
            "Idempotency-Key": str(uuid.uuid4()),
            "If-Match": f'"v{version_of(path)}"',
        }
        return caller.client.open(
            path,
            method=self.operation.method,
            headers=headers,
            query_string=self._parameters(),
            **self._body(),
        )

    def _named(self, found: re.Match[str]) -> str:
        kind, name = found.group(1) or "", found.group(2)
        if kind == "uuid":
            return self._key if name in OWN_IDS else MISSING
        if kind == "int":
            return "1"
        if kind.startswith("any("):
            return kind.removeprefix("any(").partition(",")[0].rstrip(")").strip("'\"")
        return CODES.get(name, "DDHT")

    def _parameters(self) -> dict[str, Any]:
        found = {}
        for each in self._described.get("parameters", ()):
            schema = each.get("schema", {})
            if each.get("in") != "query":
                continue
            if "example" in schema or "example" in each:
                found[each["name"]] = schema.get("example", each.get("example"))
            elif each.get("required"):
                found[each["name"]] = (schema.get("enum") or ["1"])[0]
        if "near" in found:
            found.pop("bbox", None)
        return found

    def _body(self) -> dict[str, Any]:
        content = self._described.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            return {"json": content["application/json"].get("example", {})}
        return {"data": b"", "content_type": next(iter(content), None)} if content else {}


@lru_cache(maxsize=1)
def _description(app: Flask) -> dict[str, Any]:
    """Return the description of the product, made once: it takes longer than an answer."""
    return dict(app.extensions["linli.description"]())


def _described(app: Flask, rule: str, method: str) -> dict[str, Any]:
    document = _description(app)
    path = re.sub(PARAMETER, r"{\2}", rule)
    found = document["paths"].get(path, {})
    return json.loads(json.dumps(found.get(method.lower(), {}))) if found else {}
