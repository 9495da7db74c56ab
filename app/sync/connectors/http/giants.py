"""A record that is larger than a whole answer may be: it is named and passed, and stops nobody.

Its key and its place are read from the beginning of the answer, if they stand before what is large.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from app.sync.connectors.protocol import Rows, Unreadable

FIRST = re.compile(r'"records"\s*:\s*\[\s*(?=\{)')
SEPARATOR = re.compile(r"\s*[{,]\s*")
COLON = re.compile(r"\s*:\s*")
FOLLOWED = re.compile(r"\s*[,}]")
RAW = 2000  # characters: enough to find it, and not what is large

_decoder = json.JSONDecoder()


def first_record(begun: bytes) -> tuple[Mapping[str, Any], str]:
    """Return what an answer that broke off says of its first record, and how that is spelt.

    Only members that are whole are returned.
    """
    text = begun.decode("utf-8", "ignore")
    if not (found := FIRST.search(text)):
        return {}, ""
    members: dict[str, Any] = {}
    place = found.end()
    while between := SEPARATOR.match(text, place):
        try:
            name, place = _decoder.raw_decode(text, between.end())
            if not (colon := COLON.match(text, place)):
                break
            value, place = _decoder.raw_decode(text, colon.end())
        except ValueError:
            break
        if not isinstance(name, str) or not FOLLOWED.match(text, place):
            break
        members[name] = value
    return members, text[found.end() : found.end() + RAW]


def set_aside(sid: str, raw: str) -> Rows:
    """Return a page that holds nothing but the name of such a record.

    ``raw`` is no whole record, so that nobody takes it for one when quarantine is read again.
    """
    named = Unreadable("RECORD_TOO_LARGE", f"{sid}: {raw}", sid)
    return Rows(pa.table({}), [named], fixed=False)
