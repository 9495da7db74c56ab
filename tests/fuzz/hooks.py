"""What Schemathesis cannot know of Linli; it loads this in the folder of the run."""

import itertools
import json
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import Failure

from tests.fuzz.excuses import is_excused

CALLERS: dict[str, str] = json.loads(Path("callers.json").read_text("utf-8"))
SPARE = {
    operation: itertools.cycle(tokens)
    for operation, tokens in json.loads(Path("spare.json").read_text("utf-8")).items()
}
PEERS = ("resident_a", "resident_b")


@schemathesis.serializer("image/jpeg", "image/png", "image/webp", "application/pdf")
def as_bytes(_context: Any, value: Any) -> Any:
    """Send bytes as they are."""
    return value if isinstance(value, bytes) else getattr(value, "data", b"")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Let somebody else call what would use up the caller, or what is not for the callers."""
    spare = SPARE.get(_id_of(case))
    if spare and case.headers.get("Authorization") in CALLERS.values():
        case.headers["Authorization"] = next(spare) or case.headers["Authorization"]


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Say whether a failure counts."""
    if "positive_data_acceptance" in failure.checks:
        problem = response.json()
        pointers = {fault["pointer"] for fault in problem.get("errors", ())}
        return not is_excused(_id_of(case), problem, pointers)
    if {"negative_data_rejection", "missing_required_header"} & set(failure.checks):
        # A repeat gets the first answer again; what it sends beside key and body is not read.
        return "idempotency-replayed" not in response.headers
    if "ensure_resource_availability" in failure.checks:
        # A correction is there for whoever asked, and the next step may be another's.
        return _id_of(case) != "corrections.show_correction"
    return True


@schemathesis.check
def mine_is_nobody_elses(ctx: Any, response: Any, case: Any) -> None:
    """A request that is one resident's does not exist for another.

    The library's own check takes two answers for the same thing only if they are equal, and
    ``mine`` never is.
    """
    if _id_of(case) != "requests.show_request" or response.status_code != 200:
        return
    if case.auth_identity not in PEERS or not response.json()["mine"]:
        return
    other = next(peer for peer in PEERS if peer != case.auth_identity)
    header = {"Authorization": CALLERS[other]}
    again = requests.get(response.request.url, headers=header, timeout=10)
    assert again.status_code == 404, f"{other} reads a request of {case.auth_identity}"


def _id_of(case: Any) -> str:
    return str(case.operation.definition.raw.get("operationId"))
