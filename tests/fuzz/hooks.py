"""What Schemathesis cannot know of Linli; it loads this in the folder of the run."""

import itertools
import json
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis.core.failures import Failure

CALLERS: dict[str, str] = json.loads(Path("callers.json").read_text("utf-8"))
SPARE = {
    operation: itertools.cycle(tokens)
    for operation, tokens in json.loads(Path("spare.json").read_text("utf-8")).items()
}
PEERS = ("resident_a", "resident_b")

# Good data is refused only as the description says. These are the refusals that it cannot express;
# no other refusal of good data is let through, whatever its status.
BEYOND_THE_DESCRIPTION = {
    "urn:linli:problem:cursor-refused",  # a cursor is signed: one that is made up is refused
    "urn:linli:problem:idempotency-key-reused",  # the documented examples share one key
    "urn:linli:problem:box-refused",  # west lies west of east, south lies south of north
    "urn:linli:problem:image-refused",  # a picture has more to it than its first bytes
    "urn:linli:problem:file-type-refused",  # what bytes are, they show themselves
    "urn:linli:problem:stale-version",  # If-Match may name a version that is over
}
JUDGED_BY_RULES = {
    "/complaint_about/department",  # wanted unless a request or a member of staff is named
    "/title_en",  # wanted with its body, and the other way round
    "/body_en_md",
    "/clause",  # wanted where it is another's duty
    "/subject_id",  # wanted with its kind
    "/id",  # an id drawn not long ago
    "/number",  # a document's number, by its kind
    "/planned_for",  # a day from 2000 to 2100
    "/publish_at",  # a moment from 2000 to 2100
    "/ack_by",  # and so is this
    "/password",  # 8 to 256 bytes, and none that everybody tries
    "/audience/areas",  # wanted unless another place is named
    "/audience/people",  # wanted unless matters are named
    "/phone",  # a mainland mobile number, as people write it
    "/name",  # a name as the register spells names
    "/id_number",  # GB 11643, with its check digit
    "/near",  # wanted unless there is a box
    "/place",  # wanted unless it is at home or at an address
    "/stream",  # a kind of records that there is
    "/field",  # a field that such a record has
    "/wanted",  # what that field may hold
    "/expires_at",  # a moment from 2000 to 2100
    "/on",  # a day from 2000 to 2100
    "/valid_from",  # a day from today on
    "/valid_to",  # a day after it, and not too far
    "/area_code",  # an area that there is, where the role counts in one
    "/department_code",  # and a department where it counts for one
}


@schemathesis.serializer("image/jpeg", "image/png", "image/webp", "application/pdf")
def as_bytes(_context: Any, value: Any) -> Any:
    """Send bytes as they are."""
    return value if isinstance(value, bytes) else getattr(value, "data", b"")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Let somebody else call what would use up the caller: signing out, being verified."""
    spare = SPARE.get(_id_of(case))
    if spare and case.headers.get("Authorization") in CALLERS.values():
        case.headers["Authorization"] = next(spare)


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Say whether a failure counts."""
    if "positive_data_acceptance" in failure.checks:
        return not _is_beyond_the_description(response.json())
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


def _is_beyond_the_description(problem: dict[str, Any]) -> bool:
    pointers = {fault["pointer"] for fault in problem.get("errors", ())}
    by_rules = all(
        each in JUDGED_BY_RULES or each.startswith("/audience/polygon") for each in pointers
    )
    return bool(pointers and by_rules) or problem["type"] in BEYOND_THE_DESCRIPTION


def _id_of(case: Any) -> str:
    return str(case.operation.definition.raw.get("operationId"))
