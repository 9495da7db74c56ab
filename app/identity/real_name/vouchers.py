"""Network identity (网号、网证; 国家网络身份认证公共服务管理办法, in force 2025-07-15).

Whoever proves themselves by a voucher is asked for no name and no number: the service vouches for
a pseudonym, of which an index is kept.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from psycopg.errors import UniqueViolation

from app import clock
from app.database import beyond, read, transaction, write
from app.identity import limits
from app.identity.limits import Limit
from app.identity.numbers import parse_number
from app.identity.real_name import binding
from app.identity.real_name.matching import need_guardians_word
from app.identity.real_name.refusals import (
    IdentityNotMatched,
    VoucherService,
    VouchersNotTaken,
)
from app.identity.sign_in.seats import SLOW
from app.policy import Actor
from app.privacy import audit, vault

VOUCHER_LEVEL = 3
TRIES = (Limit("voucher-day", 10, timedelta(days=1)),)

KNOWN = "SELECT account_id FROM network_identity WHERE subject_index = %(index)s"
RESIDENT = """
SELECT r.id, r.sid, r.id_number_sealed,
  (SELECT a.id FROM account a WHERE a.resident_id = r.id) AS holder
FROM resident r WHERE r.sid = %(sid)s
"""
PROVED = """
INSERT INTO network_identity (account_id, subject_index, proved_at)
VALUES (%(account)s, %(index)s, %(now)s)
ON CONFLICT (account_id) DO UPDATE SET proved_at = excluded.proved_at
  WHERE network_identity.subject_index = excluded.subject_index
RETURNING account_id
"""
OWN = """
UPDATE account SET level = %(level)s, suspended_at = NULL, seen_at = %(now)s WHERE id = %(account)s
"""


class VoucherRefused(Exception):
    """The service does not vouch for anybody by this voucher: false, used, or run out."""


class VouchersAway(Exception):
    """The service gave no answer that can be used."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the service vouches for: a pseudonym, and the register's key if it may tell that."""

    subject: str
    resident_sid: str | None = None


class VoucherDesk(Protocol):
    """Whoever redeems vouchers. Threads may share one."""

    def redeem(self, voucher: str) -> Vouched:
        """Return whom a voucher is for; each is good once.

        Raises:
            VoucherRefused: for nobody.
            VouchersAway: no answer.
        """
        ...


_desks: list[VoucherDesk] = []


def take_vouchers_at(desk: VoucherDesk | None) -> None:
    """Say who redeems vouchers here; done once when the application is assembled."""
    _desks[:] = [desk] if desk else []


def prove_by_voucher(actor: Actor, voucher: str) -> None:
    """Prove the caller by a voucher of the network identity service.

    A voucher that proved this account before proves it again, and ends its suspension.

    Raises:
        VouchersNotTaken: this installation is not connected.
        VoucherService: no answer.
        IdentityNotMatched: the voucher is not good, or its person has another account.
        GuardianNeeded: its person is a child under 14 for whom no guardian has consented.
        TooMany: ten vouchers were shown today.
        SeatsTaken: others are being waited for.
    """
    if not _desks:
        raise VouchersNotTaken
    limits.count(f"account {actor.account_id}", *TRIES)
    try:
        with SLOW.taken():
            vouched = _desks[0].redeem(voucher)  # outside any deed: it may take seconds
    except VoucherRefused as fault:
        raise IdentityNotMatched from fault
    except VouchersAway as fault:
        raise VoucherService from fault
    try:
        with transaction():
            _prove(actor, vouched)
    except UniqueViolation as fault:
        raise IdentityNotMatched from fault


def _prove(actor: Actor, vouched: Vouched) -> None:
    index = vault.index("network-identity", vouched.subject)
    about = {"account": actor.account_id, "index": index, "now": clock.now()}
    with beyond():
        known = read(KNOWN, about)
    if known and known[0].account_id != actor.account_id:
        raise IdentityNotMatched
    if actor.suspended and not known:  # nothing says that this is who it was
        raise IdentityNotMatched
    if not write(PROVED, about):  # the account was proved by another network identity
        raise IdentityNotMatched
    if resident := _resident(actor, vouched):
        binding.bind(actor.account_id, resident, VOUCHER_LEVEL)
    else:
        write(OWN, about | {"level": VOUCHER_LEVEL})
    audit(actor.account_id, "verify", "account", actor.account_id, by="network-identity")


def _resident(actor: Actor, vouched: Vouched) -> UUID | None:
    """Return the person of the register, if the service named one and nobody else has them."""
    with beyond():  # the caller is nobody of the register yet, nor their guardian theirs to see
        found = read(RESIDENT, {"sid": vouched.resident_sid}) if vouched.resident_sid else []
        if not found:
            return None
        row = found[0]
        if row.holder not in (None, actor.account_id):
            raise IdentityNotMatched
        number = vault.open("resident.id_number", row.sid, bytes(row.id_number_sealed))
        need_guardians_word(row.id, parse_number(number, clock.today()).born)
    resident: UUID = row.id
    return resident
