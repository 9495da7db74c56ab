"""The second wall stands before the ways of being let in, what proves people, and what is sent."""

from alembic import op

from app.database.migrations.rows import guard_rows, release_rows

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MINE = "account_id = linli_account()"
OF_SESSION = (
    "EXISTS (SELECT FROM sign_in_session s"
    " WHERE s.id = session_id AND s.account_id = linli_account())"
)
OF_GUARDIANSHIP = "EXISTS (SELECT FROM guardianship p WHERE p.id = guardianship_id)"
NOBODYS = "false"

OWN = {
    "account_password": MINE,
    "provider_link": MINE,
    "network_identity": MINE,
    "proof_code": OF_SESSION,
    "guardian_consent": OF_GUARDIANSHIP,
    "in_person_proof": MINE,
}
"""Rows of a person; of a consent, whoever sees the guardianship."""

BEYOND = (
    "sign_in_challenge",
    "spent_token",
    "provider_visit",
    "provider_arrival",
    "attempt_counter",
    "sms_message",
    "text_ledger",
    "wechat_token",
    "delivery_retry",
    "erasure",
    "sync_quarantine",
    "sync_suppressed",
    "sync_hold",
)
"""What nobody reads in their own sight."""

WITH_STAFF = ("in_person_proof", "delivery_retry", "sync_quarantine", "sync_hold")


def upgrade() -> None:
    for table, own in (*OWN.items(), *((each, NOBODYS) for each in BEYOND)):
        guard_rows(table, own, staff=table in WITH_STAFF)
    guard_rows("webhook_endpoint", NOBODYS, staff=True)


def downgrade() -> None:
    for table in (*OWN, *BEYOND, "webhook_endpoint"):
        release_rows(table)
