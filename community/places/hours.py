"""Weekly opening hours: by the day, the spans in which a point is open, in times of Shanghai."""

import re
from itertools import pairwise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENS = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
CLOSES = f"(?:{OPENS}|24:00)"

WEEKLY = {
    "description": "Times of Shanghai by the day (mon to sun): from, to; each span after the one "
    "before it. A day without spans is closed; of one that is left out nothing is known.",
    "propertyNames": {"enum": list(DAYS)},
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "array",
            "prefixItems": [
                {"type": "string", "pattern": f"^{OPENS}$"},
                {"type": "string", "pattern": f"^{CLOSES}$"},
            ],
            "minItems": 2,
            "maxItems": 2,
        },
    },
}
"""What a JSON Schema (2020-12) can say of them."""


def are_weekly(hours: object) -> bool:
    """Tell whether something is weekly hours: ``{"mon": [["08:30", "11:30"]], "sun": []}``.

    A day without spans is a closed one; of a day that is not there nothing is known. A span ends
    after it begins, and at 24:00 at the latest; the next one begins no earlier than it ends.
    """
    if not isinstance(hours, dict):
        return False
    return all(day in DAYS and _are_spans(spans) for day, spans in hours.items())


def _are_spans(spans: object) -> bool:
    if not isinstance(spans, list) or not all(_is_span(each) for each in spans):
        return False
    return all(before[1] <= after[0] for before, after in pairwise(spans))


def _is_span(span: object) -> bool:
    if not isinstance(span, list) or len(span) != 2:
        return False
    opens, closes = span
    if not isinstance(opens, str) or not isinstance(closes, str):
        return False
    formed = re.fullmatch(OPENS, opens) and re.fullmatch(CLOSES, closes)
    return bool(formed) and opens < closes
