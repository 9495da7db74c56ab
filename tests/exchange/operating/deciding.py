"""Sixty households whose deletion is held, and what somebody says to that."""

from tests.exchange.drops import one
from tests.exchange.records import household
from tests.people import Caller

CROWD = [household(n) for n in range(1, 61)]
KEPT = [f"TRY-H{n}" for n in range(1, 61)]


def decide(operator: Caller, key: str, approve: bool = True) -> None:
    answer = operator.post(f"/api/v1/sync/holds/{key}/decision", {"approve": approve})
    assert answer.status_code == 200, answer.json


def status_of(key: str) -> str:
    return str(one("SELECT status FROM sync_hold WHERE id = %(key)s", key=key))
