"""Whoever was erased is taken out of the reports that were kept; what they counted stays.

A report whose seal fitted is sealed again. One that somebody had changed is not made good by it.
"""

from typing import Any

import orjson

from app.database import read, write
from app.sync.reconcile.sealing import SEAL, is_intact, sealed

NAMING = """
SELECT id, findings FROM sync_report WHERE source = %(source)s AND jsonb_path_exists(findings,
  '$.streams[*] ? (@.stream == $stream) .** ? (@ == $sid)',
  jsonb_build_object('stream', %(stream)s::text, 'sid', %(sid)s::text))
"""
KEEP = "UPDATE sync_report SET findings = %(findings)s::jsonb WHERE id = %(id)s"


def forget_in_reports(source: str, stream: str, sid: str) -> None:
    """Take a key out of the lists of every report on its stream, in the deed that erases it."""
    for row in read(NAMING, {"source": source, "stream": stream, "sid": sid}):
        streams = [
            _without(each, sid) if each["stream"] == stream else each
            for each in row.findings["streams"]
        ]
        found = {**row.findings, "streams": streams}
        if is_intact(row.findings):
            del found[SEAL]
            found = sealed(found)
        write(KEEP, {"id": row.id, "findings": orjson.dumps(found).decode()})


def _without(content: Any, sid: str) -> Any:
    """Return content without a key, in whatever list of it that stands."""
    if isinstance(content, dict):
        return {name: _without(each, sid) for name, each in content.items()}
    if isinstance(content, list):
        return [_without(each, sid) for each in content if each != sid]
    return content
