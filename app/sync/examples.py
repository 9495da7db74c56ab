"""What the books of the exchange look like, for their description."""

AT = "2026-11-23T01:00:00+00:00"
HOLD_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a002"

RUN = {
    "id": 1,
    "source": "district",
    "stream": "residents",
    "kind": "reading",
    "started_at": AT,
    "ended_at": AT,
    "status": "done",
    "message": None,
    "rows_in": 3000,
    "rows_expected": 3000,
    "seen_at": AT,
    "rows_per_second": 40000,
    "seconds_left": None,
    "complete": True,
}
BATCH = {
    "id": 1,
    "run_id": 1,
    "source": "district",
    "stream": "residents",
    "at": AT,
    "n_in": 3000,
    "n_inserted": 2999,
    "n_updated": 0,
    "n_deleted": 0,
    "n_same": 0,
    "n_stale": 0,
    "n_duplicate": 0,
    "n_suppressed": 0,
    "n_bad": 1,
    "n_waiting": 0,
    "n_home": 0,
}
BAD = {
    "source": "district",
    "stream": "residents",
    "digest": "5f1c0a7de9b24c3a8d6e5f4b3a291807",
    "code": "NOT_AN_ID_NUMBER",
    "reason": "不是公民身份号码(GB 11643)",
    "field": "id_number",
    "first_seen": AT,
    "last_seen": AT,
    "times": 1,
    "status": "open",
}
HOLD = {
    "id": HOLD_ID,
    "source": "district",
    "stream": "residents",
    "made_at": AT,
    "n_missing": 120,
    "n_live": 3000,
    "status": "held",
    "decided_by": None,
    "decided_at": None,
}
DRIFT = {
    "id": 1,
    "source": "district",
    "stream": "residents",
    "kind": "VOLUME",
    "subject": "",
    "detail": {"rows": 1200, "usual": 3000},
    "first_seen": AT,
    "last_seen": AT,
    "times": 1,
}
