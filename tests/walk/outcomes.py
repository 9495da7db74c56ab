"""The district's side of the exchange: a folder in which it finds outcomes."""

import json
from pathlib import Path
from typing import Any

OF_A_CASE = ("request-filed", "request-settled", "request-rated")


def outcomes(folder: Path, request_id: str = "") -> list[dict[str, Any]]:
    """Return what is marked as complete (of one request, if named), by request and number."""
    marks = sorted(folder.glob(f"request-{request_id or '*'}-??????.ok"))
    return [json.loads(mark.with_suffix(".json").read_text("utf-8")) for mark in marks]
