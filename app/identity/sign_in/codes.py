"""Signing in with a phone and a one-time code."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from app.database import beyond, transaction
from app.identity import limits
from app.identity.codes import CodeRefused, Purpose, issue, spend
from app.identity.limits import Limit
from app.identity.models import Account
from app.identity.sessions.beginning import NotLetIn, Started, begin
from app.identity.sign_in.linking import link_arrival
from app.identity.sign_in.seats import CODES

TRIES_PER_NETWORK = Limit("try-network", 100, timedelta(minutes=5))
TRIES_OF_EVERYBODY = Limit("try-everybody", 50_000, timedelta(minutes=5), rows=16)


@beyond()
def ask_for_code(phone: str, address: str) -> tuple[UUID, int]:
    """Send a code to ``phone``; return the challenge's id and its seconds to live.

    Raises:
        SeatsTaken: too many are signing in at this moment.
        TooMany: the number, its network or everybody together has asked too often.
    """
    with CODES.taken():
        return issue(Purpose.SIGN_IN, phone, address)


@beyond()
def sign_in(
    challenge: UUID, code: str, device: str, address: str, arrival: UUID | None = None
) -> Started:
    """Begin a session with a code; whoever arrived by a provider is linked to the account.

    Raises:
        CodeRefused: the code is wrong, used, expired, or was tried five times.
        ArrivalOver, ProviderLinked, ProveFirst: nobody can be linked, and nothing is begun.
        SeatsTaken: too many are signing in at this moment.
        TooMany: the network, or everybody together, has tried too often.
    """
    with CODES.taken():
        return _signed_in(challenge, code, device, address, arrival)


def _signed_in(
    challenge: UUID, code: str, device: str, address: str, arrival: UUID | None
) -> Started:
    limits.count_each((limits.network_of(address), TRIES_PER_NETWORK), ("", TRIES_OF_EVERYBODY))
    phone_index = spend(Purpose.SIGN_IN, challenge, code)
    with transaction() as session:
        account_id = session.scalar(
            insert(Account)
            .values(phone_index=phone_index)
            .on_conflict_do_update(index_elements=["phone_index"], set_={"status": Account.status})
            .returning(Account.id)
        )
        assert account_id is not None
        try:
            begun = begin(account_id, device)
        except NotLetIn as fault:
            raise CodeRefused from fault
        if arrival is not None:
            link_arrival(account_id, arrival)
        return begun
