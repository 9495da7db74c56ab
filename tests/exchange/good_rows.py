"""A record of every stream of the product that everybody takes, by the kinds of its fields."""

import json
from collections.abc import Sequence

from app.areas.sync import STREAMS as AREAS
from app.corrections.sync import STREAMS as CORRECTIONS
from app.identity.sync import STREAMS as IDENTITY
from app.sync import Stream
from community.catalogue.sync import STREAMS as CATALOGUE
from community.places.sync import STREAMS as PLACES
from community.rules.sync import STREAMS as RULES

STREAMS: Sequence[Stream] = (*AREAS, *IDENTITY, *CORRECTIONS, *CATALOGUE, *PLACES, *RULES)

OUTLINE = json.dumps(
    {"type": "Polygon", "coordinates": [[[10, 10], [11, 10], [11, 11], [10, 11], [10, 10]]]}
)
GOOD = {
    "text": "试行",
    "day": "2091-01-0{serial}",
    "whole": "3",
    "decimal": "40.05",
    "document": "{}",
    "outline": OUTLINE,
    "weekly_hours": '{"mon":[["08:30","11:30"],["13:00","17:00"]],"sun":[]}',
    "id_number": "11010519491231002X",
    "phone": "19999980001",
    "name": "试行人",
}
CREDIT_CODES = (
    "11210600MB0TRY015F",
    "11210600MB0TRY023A",
    "11210600MB0TRY0315",
    "11210600MB0TRY04XW",
    "11210600MB0TRY058W",
)
"""Of organisations that nobody registered; both check characters are right."""


def good_row(stream: Stream, serial: int = 1) -> dict[str, str | None]:
    """Return a record of the sample's kind; one of another ``serial`` shares no code with it."""
    row: dict[str, str | None] = {"sid": f"TRY-{serial}", "ver": "1"}
    for field in stream.fields:
        kind = field.kind
        if kind.name in ("code", "key"):
            row[field.name] = f"TRY-{serial}"
        elif kind.name == "credit_code":
            row[field.name] = CREDIT_CODES[serial - 1]
        elif kind.name == "choice":
            row[field.name] = kind.described["constraints"]["enum"][0]  # type: ignore[index]
        else:
            row[field.name] = GOOD[kind.name].replace("{serial}", str(serial))
    return row
