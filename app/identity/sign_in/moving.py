"""Moving an account to another phone: a code to the old one, a code to the new one."""

from uuid import UUID

from psycopg.errors import UniqueViolation

from app.database import transaction, write
from app.identity.codes import CodeRefused, Purpose, spend
from app.identity.service import stop_sharing_phone
from app.identity.sessions.devices import end_others
from app.identity.sign_in.refusals import PhoneTaken
from app.policy import Actor
from app.privacy import audit

MOVE = """
UPDATE account SET phone_index = %(new)s WHERE id = %(account)s AND phone_index = %(old)s
RETURNING id
"""


def move_to_phone(actor: Actor, old: tuple[UUID, str], new: tuple[UUID, str]) -> None:
    """Move the caller's account; other sessions end, and the district is not told the new phone.

    ``old``, ``new``: challenge and code of each phone.

    Raises:
        CodeRefused: one of the codes is not right.
        PhoneTaken: the new phone has an account; the two are not merged.
    """
    was = spend(Purpose.STEP_UP, *old, actor.account_id)
    will_be = spend(Purpose.PHONE, *new, actor.account_id)
    try:
        with transaction():
            about = {"account": actor.account_id, "old": was, "new": will_be}
            if not write(MOVE, about):
                raise CodeRefused
            stop_sharing_phone(actor)
            end_others(actor)
            audit(actor.account_id, "phone-moved", "account", actor.account_id)
    except UniqueViolation as fault:
        raise PhoneTaken from fault
