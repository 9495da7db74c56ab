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
    "planned_for": None,
}

WHY = {
    "by": "rule",
    "rule": "RUBBISH/DDHT/2024-01-01",
    "version": 1,
    "clause": "URB-1",
    "grid": "DDHT-XQ-LT-C03-G2",
    "outline": 4,
    "metres_to_edge": 212,
    "near_edge": False,
}

AT_DESK = NEW | {"channel": "desk", "contact": "王女士 13800000000"}
FROM_HOTLINE = NEW | {"hotline_number": "DD12345-20261123-0042"}

PAGE = {"items": [ROW], "next": None}

DETAIL = {
    "request": ROW,
    "words": NEW["words"],
    "mine": True,
    "claimed_by_me": False,
    "stars": None,
    "why": WHY,
    "round": 1,
    "rung": 0,
    "paused": False,
    "extension": None,
    "helpers": [],
    "master_id": None,
    "members": 0,
    "master": None,
    "timeline": [
        {
            "at": "2026-11-23T01:00:00+00:00",
            "step": "file",
            "words": {"zh": "登记。", "en": "File."},
            "note": None,
            "facts": {"channel": "app"},
        },
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

TASK = {
    "id": "019abf6d-2e7c-7a1b-8b3e-9a522f1de6c4",
    "request_id": ID,
    "department_code": "HOU",
    "mandatory": True,
    "asked": "请核查路面权属",
    "asked_at": "2026-11-23T02:00:00+00:00",
    "due_at": "2026-11-26T16:00:00+00:00",
    "provisional": False,
    "answer": None,
    "answered_at": None,
    "cancelled_at": None,
}

VISITS = {
    "items": [
        {
            "request_id": ID,
            "number": "20261123-000001",
            "matter_code": "RUBBISH",
            "round": 1,
            "because": "bad-rating",
            "words": "只清理了一半",
            "opened_at": "2026-11-24T02:00:00+00:00",
            "due_at": "2026-12-01T16:00:00+00:00",
            "version": 5,
        }
    ],
    "next": None,
}

SATISFACTION = {"rated": 128, "satisfied": 121, "bad": 7, "rate": 0.9453} | {
    "reasons": [{"code": "517", "stars": 5, "n": 88}]
}

SIMILAR = {
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
            "followers": 3,
        }
    ]
}

FOLLOWING = {
    "items": [
        {
            "id": ID,
            "number": "20261123-000001",
            "matter_code": "RUBBISH",
            "state": "settled",
            "deadline_at": "2026-11-25T16:00:00+00:00",
            "settled_at": "2026-11-24T01:00:00+00:00",
            "result": "solved",
            "since": "2026-11-23T03:00:00+00:00",
            "followed_number": "20261123-000007",
        }
    ],
    "next": None,
}

OBJECTIONS = {
    "items": [
        {
            "request_id": ID,
            "number": "20261123-000001",
            "matter_code": "ROAD-HOLE",
            "department_code": "URB",
            "clause_code": "HOU-1",
            "proposed_code": "HOU",
            "reason": "道路养护不属我单位职责",
            "asked_at": "2026-11-23T02:00:00+00:00",
            "due_at": "2026-11-24T16:00:00+00:00",
            "version": 2,
        }
    ],
    "next": None,
}

SLIP = {
    "number": "20261123-000001",
    "html": '<!DOCTYPE html><html lang="zh-CN"> … </html>',
}
