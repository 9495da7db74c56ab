"""Staff and their rights as the description shows them."""

from app.sync.reconcile.schemas import AS_OF

KEY = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0c1"
OTHER = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0c2"
PERIOD = {"valid_from": "2026-11-25", "valid_to": "2026-12-10"}
NEW = PERIOD | {
    "staff": "DD0003",
    "role": "grid_worker",
    "area_code": "DDHT-XQ-LT-C03",
    "reason": "支援相邻社区",
}
COVER = PERIOD | {"staff": "DD0002", "reason": "年休假"}
GRANT = PERIOD | {
    "id": KEY,
    "kind": "grant",
    "account_id": KEY,
    "role": "grid_worker",
    "area_code": "DDHT-XQ-LT-C03",
    "department_code": None,
    "covered_account_id": None,
    "reason": "支援相邻社区",
    "state": "asked",
    "asked_by": OTHER,
    "asked_at": "2026-11-25T01:00:00+00:00",
    "decided_by": None,
    "decided_at": None,
    "ended_by": None,
    "ended_at": None,
    "version": 1,
}
MEMBER = {
    "staff_sid": "DD0003",
    "name": "李*",
    "role": "grid_worker",
    "area_code": "DDHT-XQ-LT-C01",
    "department_code": None,
    "valid_from": "2024-01-01",
    "valid_to": None,
    "account_id": KEY,
    "status": "active",
}
STAFF = {"items": [MEMBER], "next": None, "as_of": AS_OF}
