"""Matching somebody to the population register."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.database import beyond, transaction
from app.errors import FieldFault, Invalid, Words
from app.identity import limits
from app.identity.limits import Limit
from app.identity.models import Account, Resident
from app.identity.numbers import age_on, normal_name, parse_number
from app.identity.real_name.refusals import AlreadyVerified, IdentityNotMatched
from app.identity.refusals import GuardianNeeded
from app.identity.service import REALNAME_LEVEL, agree_to_sharing
from app.policy import Actor
from app.privacy import audit, vault

CONSENTS_ALONE_FROM = 14
MISSES = (Limit("verify-day", 3, timedelta(days=1)),)


@beyond()
def verify(actor: Actor, name: str, id_number: str, phone_to_share: str | None = None) -> None:
    """Match the caller to the population register and so to household, grid and areas.

    Three tries a day for the account and for the number, counted before anything is looked up.
    ``phone_to_share``: the caller agrees that the district learns this phone of the account.

    Raises:
        AlreadyVerified: the account is matched.
        Invalid: the number or the name cannot be one, or the phone is not the account's.
        IdentityNotMatched: whatever else is wrong; the answer tells nothing about who exists.
        GuardianNeeded: the person is a child under 14.
        TooMany: three tries were made today.
    """
    if actor.level >= REALNAME_LEVEL:
        raise AlreadyVerified
    number = _checked(id_number)
    wanted = _checked_name(name)
    limits.count(f"account {actor.account_id}", *MISSES)
    limits.count(f"number {number}", *MISSES)
    with transaction() as session:
        index = vault.index("id_number", number)
        matches = session.scalars(select(Resident).where(Resident.id_number_index == index)).all()
        resident = matches[0] if len(matches) == 1 else None
        if (
            resident is None
            or vault.open("resident.name", resident.sid, resident.name_sealed) != wanted
        ):
            raise IdentityNotMatched
        if age_on(parse_number(number, clock.today()).born, clock.today()) < CONSENTS_ALONE_FROM:
            raise GuardianNeeded
        _bind(actor, resident)
        audit(actor.account_id, "verify", "resident", resident.id)
        if phone_to_share is not None:
            agree_to_sharing(actor, phone_to_share)


def _bind(actor: Actor, resident: Resident) -> None:
    try:
        with transaction() as session, session.begin_nested():
            bound = session.scalar(
                update(Account)
                .where(Account.id == actor.account_id, Account.level < REALNAME_LEVEL)
                .values(resident_id=resident.id, level=REALNAME_LEVEL)
                .returning(Account.id)
            )
    except IntegrityError as fault:  # the register's person has an account already
        raise IdentityNotMatched from fault
    if bound is None:  # another device was first
        raise AlreadyVerified


def _checked(id_number: str) -> str:
    try:
        return parse_number(id_number, clock.today()).number
    except ValueError as fault:
        words = Words("身份证号码不正确", "This is not a resident number")
        raise Invalid([FieldFault("/id_number", "id-number", words)]) from fault


def _checked_name(name: str) -> str:
    try:
        return normal_name(name)
    except ValueError as fault:
        words = Words("姓名格式不正确", "This cannot be a name")
        raise Invalid([FieldFault("/name", "name", words)]) from fault
