"""Mandates, guardianships and rights of staff that the fuzzer may name."""

from datetime import timedelta

from flask import Flask

from app import clock
from tests.identity.households import CHILD, proposed
from tests.people import RESIDENT, Caller, bearer, proved, staff_with

GRANT = {"staff": "DD0003", "role": "grid_worker", "area_code": "DDHT-XQ-LT", "reason": "支援"}


def family(app: Flask) -> dict[str, list[str] | list[float]]:
    """Propose a mandate, become a guardian, ask for rights, and return their ids."""
    resident = Caller(app, bearer(RESIDENT))
    ward = {"name": CHILD["name"], "id_number": CHILD["id_number"]}
    guardianship = resident.post("/api/v1/guardianships", ward).json or {}
    return {
        "mandates": [str(proposed(resident)["id"])],
        "guardianships": [str(guardianship["id"])],
        "grants": _grants(app),
        "staff": ["DD0001", "DD0002", "DD0015"],
    }


def _grants(app: Flask) -> list[str]:
    system = proved(Caller(app, bearer(staff_with("administrator"))))
    today = clock.today()
    found = []
    for days in range(1, 11):
        period = {"valid_from": str(today), "valid_to": str(today + timedelta(days=days))}
        found.append(str((system.post("/api/v1/grants", GRANT | period).json or {})["id"]))
    return found
