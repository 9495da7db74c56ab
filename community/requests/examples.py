"""Requests as the documentation shows them."""

ID = "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c3"

NEW = {
    "matter": "RUBBISH",
    "words": "楼道堆放杂物,请清理",
    "place": {"lng": 124.352692, "lat": 40.044484, "crs": "gcj02"},
}

ROW = {
    "id": ID,
    "number": "20261123-000001",
    "matter_code": "RUBBISH",
    "state": "dispatched",
    "version": 1,
    "lng": 124.347,
    "lat": 40.043,
    "grid_code": "DDHT-XQ-LT-C03-G2",
    "near_edge": False,
    "handled_by": "grid",
    "department_code": "URB",
    "filed_at": "2026-11-23T01:00:00+00:00",
    "deadline_at": "2026-11-25T16:00:00+00:00",
    "deadline_provisional": False,
    "settled_at": None,
    "result": None,
}

PAGE = {"items": [ROW], "next": None}

DETAIL = {
    "request": ROW,
    "words": NEW["words"],
    "mine": True,
    "claimed_by_me": False,
    "stars": None,
    "timeline": [
        {"at": "2026-11-23T01:00:00+00:00", "step": "file", "note": None, "facts": {}},
    ],
}

NEAR = {
    "items": [
        {
            "id": ID,
            "number": "20261123-000001",
            "matter_code": "RUBBISH",
            "state": "dispatched",
            "lng": 124.347,
            "lat": 40.043,
            "filed_at": "2026-11-23T01:00:00+00:00",
            "metres": 34,
        }
    ],
    "next": None,
}
