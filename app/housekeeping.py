"""Nothing grows without a limit: what has served its time is deleted, a bounded batch at a time."""

from collections.abc import Mapping

from app.database import transaction, write
from app.worker import Sweep

BATCH = 2000

STALE = {
    "idempotency_key": "made_at < now() - interval '48 hours'",
    "sign_in_challenge": "expires_at < now() - interval '1 hour'",
    "live_ticket": "expires_at < now() - interval '1 minute'",
    "provider_visit": "expires_at < now() - interval '1 hour'",
    "provider_arrival": "expires_at < now() - interval '1 hour'",
    "attempt_counter": "\"window\" < now() - interval '2 days'",
    "sms_message": "expires_at < now() - interval '1 hour'",
    "sign_in_session": "expires_at < now() - interval '30 days'",
    "spent_token": "spent_at < now() - interval '31 days'",
    "proof_code": "expires_at < now() - interval '1 hour'",
    "added_grant": "valid_to < current_date - interval '3 years'",
    "past_home": "until_at < now() - interval '3 years'",
    "consent": "withdrawn_at < now() - interval '3 years'",
    "guardianship": "ended_at < now() - interval '3 years'",
    "guardian_consent": "withdrawn_at < now() - interval '3 years'",
    "mandate": "valid_to < current_date - interval '3 years'",
    "request_change": "at < now() - interval '7 days'",
    "notice_rung": "done_at < now() - interval '1 year'",
    "notice_visit": "done_at < now() - interval '1 year'",
    "sync_batch": "at < now() - interval '3 years'",
    "sync_run": "started_at < now() - interval '3 years'",
    "sync_report": "at < now() - interval '3 years'",
    "sync_hold": "made_at < now() - interval '3 years'",
    "sync_drift": "last_seen < now() - interval '1 year'",
    "sync_look": "alive_at < now() - interval '1 hour'",
    "sync_seen": "run_id < (SELECT coalesce(min(number), 9223372036854775807) FROM sync_look"
    " WHERE alive_at > now() - interval '1 hour')",
    "holdings_export": "expires_at < now()",
    "reveal": "at < now() - interval '3 years'",
    "sync_quarantine": "last_seen < now() - interval '1 year'",
}
"""What may be deleted from which table, and when.

Records of sharing are kept three years (网络数据安全管理条例 art. 12); mandates, guardianships and
what was agreed to as long as a claim from them can be brought (民法典 188). The audit trail,
requests and what was told of them stay: how long is the district's to decide, and no rule of ours.
"""


# As an array the rows are chosen once; with IN a plan may choose them anew for each row it joins.
DELETE = """
DELETE FROM {table} WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM {table} WHERE {stale} LIMIT %(batch)s FOR UPDATE SKIP LOCKED)) RETURNING 1
"""


def delete_stale(kept: Mapping[str, str], batch: int) -> int:
    """Delete a batch of what is stale in each table; return how many tables may hold more.

    ``kept`` maps a table to the condition under which a row of it has served its time.
    """
    full = 0
    for table, stale in kept.items():
        with transaction():
            rows = write(DELETE.format(table=table, stale=stale), {"batch": batch})
        full += len(rows) == batch
    return full


HOUSEKEEPING = Sweep("housekeeping", lambda: delete_stale(STALE, BATCH), every=600)
