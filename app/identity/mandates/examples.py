"""Mandates as the description shows them."""

KEY = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a0b1"
TERMS = {
    "matters": ["HEAT-COLD"],
    "powers": ["file", "follow"],
    "valid_from": "2026-11-25",
    "valid_to": "2027-03-01",
}
NEW = {"name": "冯凤", "id_number": "11010519491231002X", **TERMS}
MANDATE = TERMS | {
    "id": KEY,
    "side": "agent",
    "state": "proposed",
    "agent_name": "冯*",
    "principal_name": "冯*",
    "proposed_at": "2026-11-25T01:00:00+00:00",
    "lapses_at": "2026-12-02T01:00:00+00:00",
    "signed_how": None,
    "signed_at": None,
    "ended_at": None,
    "desk_signed_once": False,
    "text": "授权委托书 …",
    "version": 1,
}
STANDING = MANDATE | {"state": "standing", "signed_how": "account", "version": 2}
