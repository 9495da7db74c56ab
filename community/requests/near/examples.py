"""Looks at requests by place, as the documentation shows them."""

from community.requests.examples import ID, ROW

AROUND = {"items": [{**ROW, "metres": 34}], "next": None}

CLUSTERS = {
    "items": [{"lng": 124.347, "lat": 40.043, "n": 12}],
    "zoom": 14,
    "as_of": "2026-11-23T01:00:00+00:00",
}

CHANGES = {
    "changed": [ROW],
    "left": [ID.replace("019a", "019b")],
    "since": "c2luY2U",
    "more": False,
    "reset": False,
}
