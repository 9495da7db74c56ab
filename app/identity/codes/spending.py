"""Taking a code: the try is counted and the code is spent by one statement, in its own commit."""

from uuid import UUID

from app import clock
from app.database import apart, beyond
from app.identity.codes.models import code_hash
from app.identity.codes.purposes import Purpose
from app.identity.codes.refusals import CodeRefused

CODE_TRIES = 5

# By itself: the try counts, and a right code is used up, whatever becomes of the deed.
SPEND = """
UPDATE sign_in_challenge
SET tries = tries + 1, used_at = CASE WHEN code_hash = %(hash)s THEN %(now)s::timestamptz END
WHERE id = %(id)s AND purpose = %(purpose)s AND account_id IS NOT DISTINCT FROM %(account)s
  AND used_at IS NULL AND tries < %(tries)s AND expires_at > %(now)s
RETURNING phone_index, used_at
"""


@beyond()
def spend(purpose: Purpose, challenge: UUID, code: str, account_id: UUID | None = None) -> bytes:
    """Use up a code and return the index of the phone it was sent to.

    Raises:
        CodeRefused: it is wrong, used, expired, for something or somebody else, or was tried five
            times.
    """
    found = apart(
        SPEND,
        {
            "id": challenge,
            "purpose": purpose,
            "account": account_id,
            "hash": code_hash(challenge, purpose, code),
            "tries": CODE_TRIES,
            "now": clock.now(),
        },
    )
    if not found or found[0].used_at is None:
        raise CodeRefused
    return bytes(found[0].phone_index)
