"""What has served its time is deleted, a bounded batch at a time, and nothing else."""

from collections.abc import Mapping

import pytest
from flask import Flask

from app import housekeeping
from app.database import read, transaction, write
from app.housekeeping import HOUSEKEEPING

INSERTS = {
    "idempotency_key": (
        "INSERT INTO idempotency_key (account_id, operation, key, fingerprint, made_at)"
        " SELECT gen_random_uuid(), 'trial', 'k' || n, '', now() - {age}::interval"
    ),
    "sign_in_challenge": (
        "INSERT INTO sign_in_challenge (id, purpose, phone_index, code_hash, expires_at)"
        " SELECT gen_random_uuid(), 'sign-in', '\\x00', '\\x00', now() - {age}::interval"
    ),
    "provider_visit": (
        "INSERT INTO provider_visit (id, provider, state_hash, nonce_hash, verifier_sealed,"
        " expires_at) SELECT gen_random_uuid(), 'p', gen_random_uuid()::text::bytea, '\\x00',"
        " '\\x00', now() - {age}::interval"
    ),
    "provider_arrival": (
        "INSERT INTO provider_arrival (id, provider, subject_index, expires_at)"
        " SELECT gen_random_uuid(), 'p', '\\x00', now() - {age}::interval"
    ),
    "attempt_counter": (
        'INSERT INTO attempt_counter (kind, who, "window", n)'
        " SELECT 'trial' || n, '\\x00', now() - {age}::interval, 1"
    ),
    "sms_message": (
        "INSERT INTO sms_message (reference, phone_sealed, text_sealed, expires_at)"
        " SELECT gen_random_uuid(), '\\x00', '\\x00', now() - {age}::interval"
    ),
    "sign_in_session": (
        "INSERT INTO sign_in_session (id, account_id, device_sealed, started_at,"
        " expires_at, refreshed_at, refresh_hash)"
        " SELECT gen_random_uuid(), gen_random_uuid(), '\\x00', now(),"
        " now() - {age}::interval, now(), gen_random_uuid()::text::bytea"
    ),
    "spent_token": (
        "INSERT INTO spent_token (hash, session_id, spent_at)"
        " SELECT gen_random_uuid()::text::bytea, gen_random_uuid(), now() - {age}::interval"
    ),
    "proof_code": (
        "INSERT INTO proof_code (session_id, code_hash, expires_at)"
        " SELECT gen_random_uuid(), '\\x00', now() - {age}::interval"
    ),
    "live_ticket": (
        "INSERT INTO live_ticket (id, account_id, session_id, secret_hash, expires_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '\\x00',"
        " now() - {age}::interval"
    ),
    "added_grant": (
        "INSERT INTO added_grant (id, kind, account_id, role, valid_from, valid_to, reason_sealed,"
        " state, asked_by, asked_at) SELECT gen_random_uuid(), 'grant', gen_random_uuid(),"
        " 'grid_worker', date '2000-01-01', (now() - {age}::interval)::date, '\\x00', 'refused',"
        " gen_random_uuid(), now()"
    ),
    "past_home": (
        "INSERT INTO past_home (kind, sid, until_at, was)"
        " SELECT 'resident', 'k' || n, now() - {age}::interval, 'H'"
    ),
    "consent": (
        "INSERT INTO consent (account_id, purpose, given_at, withdrawn_at)"
        " SELECT gen_random_uuid(), 'identity-number', date '2000-01-01', now() - {age}::interval"
    ),
    "guardianship": (
        "INSERT INTO guardianship (id, guardian_resident_id, ward_resident_id, basis, state,"
        " asked_at, ended_at) SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
        " 'register', 'ended', date '2000-01-01', now() - {age}::interval"
    ),
    "guardian_consent": (
        "INSERT INTO guardian_consent (guardianship_id, given_at, withdrawn_at)"
        " SELECT gen_random_uuid(), date '2000-01-01', now() - {age}::interval"
    ),
    "mandate": (
        "INSERT INTO mandate (id, agent_account_id, agent_resident_id, principal_resident_id,"
        " powers, valid_from, valid_to, text_sealed, state, proposed_at, lapses_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
        " '{{file}}', date '2000-01-01', (now() - {age}::interval)::date, '\\x00', 'standing',"
        " now(), now()"
    ),
    "holdings_export": (
        "INSERT INTO holdings_export (id, account_id, asked_at, expires_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), now(), now() - {age}::interval"
    ),
    "reveal": (
        "INSERT INTO reveal (id, at, by_account, role, resident_id, kind, row_id, field, reason,"
        " words_sealed) SELECT gen_random_uuid(), now() - {age}::interval, gen_random_uuid(),"
        " 'desk_clerk', gen_random_uuid(), 'resident', gen_random_uuid(), 'name', 'visit', '\\x00'"
    ),
    "request_change": (
        "INSERT INTO request_change (unit, xid, request_id, at)"
        " SELECT 'g:T', pg_current_xact_id(), gen_random_uuid(), now() - {age}::interval"
    ),
    "notice_rung": (
        "INSERT INTO notice_rung (notice_id, rung, due_at, done_at)"
        " SELECT gen_random_uuid(), 'visit', now(), now() - {age}::interval"
    ),
    "notice_visit": (
        "INSERT INTO notice_visit (id, notice_id, resident_id, grid_code, made_at, done_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'g', now(),"
        " now() - {age}::interval"
    ),
    "sync_batch": (
        "INSERT INTO sync_batch (run_id, source, stream, at, n_in, n_inserted, n_updated,"
        " n_deleted, n_same, n_stale, n_duplicate, n_suppressed, n_bad, n_waiting, n_home)"
        " SELECT 0, 'trial', 's', now() - {age}::interval, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0"
    ),
    "sync_run": (
        "INSERT INTO sync_run (source, stream, fence, started_at)"
        " SELECT 'trial', 's', 1, now() - {age}::interval"
    ),
    "sync_report": (
        "INSERT INTO sync_report (source, at, equal, findings)"
        " SELECT 'trial', now() - {age}::interval, true, '{{}}'"
    ),
    "sync_hold": (
        "INSERT INTO sync_hold (id, source, stream, run_id, made_at, n_missing, n_live)"
        " SELECT gen_random_uuid(), 'trial', 's', 0, now() - {age}::interval, 1, 1"
    ),
    "sync_drift": (
        "INSERT INTO sync_drift (source, stream, kind, subject, detail, last_seen)"
        " SELECT 'trial', 's', 'VOLUME', n, '{{}}', now() - {age}::interval"
    ),
    "sync_look": ("INSERT INTO sync_look (number, alive_at) SELECT -n, now() - {age}::interval"),
    "sync_seen": (  # kept for a look that was last heard of then; another lives
        "WITH look AS (INSERT INTO sync_look (number, alive_at)"
        " VALUES (-1, now() - {age}::interval), (0, now())"
        " ON CONFLICT (number) DO UPDATE SET alive_at = excluded.alive_at)"
        " INSERT INTO sync_seen (run_id, ord, sid, ver) SELECT -1, n, 'k', 1"
    ),
    "sync_quarantine": (
        "INSERT INTO sync_quarantine (source, stream, digest, sid, code, field, raw_sealed,"
        " first_seen, last_seen, times) SELECT 'trial', 's', 'd' || n, '', 'c', 'f', '\\x00',"
        " now(), now() - {age}::interval, 1"
    ),
}

SERVED: Mapping[str, tuple[str, str]] = {
    "idempotency_key": ("47 hours", "49 hours"),
    "sign_in_challenge": ("59 minutes", "61 minutes"),
    "provider_visit": ("59 minutes", "61 minutes"),
    "provider_arrival": ("59 minutes", "61 minutes"),
    "attempt_counter": ("47 hours", "49 hours"),
    "sms_message": ("59 minutes", "61 minutes"),
    "sign_in_session": ("29 days", "31 days"),
    "spent_token": ("30 days", "32 days"),
    "proof_code": ("59 minutes", "61 minutes"),
    "live_ticket": ("50 seconds", "70 seconds"),
    "added_grant": ("1094 days", "1098 days"),
    "past_home": ("1095 days", "1097 days"),
    "consent": ("1094 days", "1098 days"),
    "guardianship": ("1094 days", "1098 days"),
    "guardian_consent": ("1094 days", "1098 days"),
    "mandate": ("1094 days", "1098 days"),
    "holdings_export": ("-1 hour", "1 minute"),
    "reveal": ("1094 days", "1098 days"),
    "request_change": ("6 days", "8 days"),
    "notice_rung": ("364 days", "367 days"),
    "notice_visit": ("364 days", "367 days"),
    "sync_batch": ("1095 days", "1097 days"),
    "sync_run": ("1095 days", "1097 days"),
    "sync_report": ("1095 days", "1097 days"),
    "sync_hold": ("1095 days", "1097 days"),
    "sync_drift": ("364 days", "367 days"),
    "sync_look": ("59 minutes", "61 minutes"),
    "sync_seen": ("59 minutes", "61 minutes"),
    "sync_quarantine": ("364 days", "367 days"),
}
"""The age at which a row is still needed, and the age at which it is not."""


def rows(table: str, age: str, many: int) -> None:
    sql = INSERTS[table].format(age="%(age)s") + " FROM generate_series(1, %(many)s) n"
    with transaction():
        write(sql, {"age": age, "many": many})


def left(table: str) -> int:
    return int(read(f"SELECT count(*) AS n FROM {table}")[0].n)


def test_every_table_that_is_swept_is_promised_here() -> None:
    assert set(housekeeping.STALE) == set(SERVED)


@pytest.mark.parametrize("table", SERVED)
def test_what_has_served_its_time_goes_and_what_is_needed_stays(app: Flask, table: str) -> None:
    needed, served = SERVED[table]
    HOUSEKEEPING.run()
    others = left(table)  # of the sample, which other tests count on
    rows(table, served, 3)
    assert left(table) == others + 3
    assert HOUSEKEEPING.run() == 0
    assert left(table) == others
    rows(table, needed, 2)
    HOUSEKEEPING.run()
    assert left(table) == others + 2


def test_no_deletion_is_larger_than_a_batch_and_more_is_asked_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backlog of a month must not lock out the people of today."""
    monkeypatch.setattr(housekeeping, "BATCH", 10)
    rows("sign_in_challenge", "2 hours", 25)
    ends = []
    while HOUSEKEEPING.run():
        ends.append(left("sign_in_challenge"))
    assert ends == [15, 5]
    assert left("sign_in_challenge") == 0


def test_what_somebody_holds_is_passed_over_not_waited_for(app: Flask) -> None:
    rows("sign_in_challenge", "2 hours", 2)
    with transaction():  # somebody is in the middle of a deed
        write("SELECT id FROM sign_in_challenge LIMIT 1 FOR UPDATE")
        with app.app_context():
            HOUSEKEEPING.run()
        assert left("sign_in_challenge") == 1
    HOUSEKEEPING.run()
    assert left("sign_in_challenge") == 0


def test_what_was_done_and_told_is_never_swept(app: Flask) -> None:
    """Numbers without gaps are counted from the outbox, and the audit trail is for good."""
    kept = {"outbox", "audit_entry", "service_request", "request_event", "rating", "notice"}
    assert not kept & set(housekeeping.STALE)
