"""Sending what is queued: several at once, each at most once as far as the gateway can tell.

Only the gateway is called in threads: they know no database. A message that was tried before may
be there already, whatever became of the answer or of the worker, so the gateway is asked first.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import timedelta
from functools import partial

from app import clock
from app.database import transaction, write
from app.privacy import SealBroken, vault
from app.sms.gateway import GatewayAway, MessageRefused, Outcome, SmsGateway
from app.sms.models import SmsMessage
from app.worker import LeaseLost, Sweep, claim, release, retry

LANES = 8
BATCH = 64
LEASE = timedelta(seconds=60)
BEGIN_WITHIN = 20.0  # seconds; asking and sending may take as long again within the lease
REST = 5.0  # seconds in which a gateway that answers nothing is left alone

GONE = """
DELETE FROM sms_message m USING unnest(%(ids)s::bigint[], %(fences)s::int[]) AS v(id, fence)
WHERE m.id = v.id AND m.fence = v.fence
"""

log = logging.getLogger("linli.sms")


class _TooLate(Exception):
    """The batch took so long that this message was not begun; it was not tried."""


def sms_sweep(gateway: Callable[[], SmsGateway], lanes: int = LANES) -> Sweep:
    """Return the sweep that hands queued messages to the gateway."""
    return Sweep("sms", _Delivery(gateway, lanes).run)


class _Delivery:
    """What a worker keeps between its batches: the lanes, and until when it lets things rest."""

    def __init__(self, gateway: Callable[[], SmsGateway], lanes: int) -> None:
        self._gateway = gateway
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix="sms")
        self._rest_until = 0.0
        self._doubted = False

    def run(self) -> int:
        """Send a batch; return how many messages were claimed for it."""
        if time.monotonic() < self._rest_until:
            return 0
        taken = claim(SmsMessage, limit=1 if self._doubted else BATCH, lease=LEASE)
        if taken:
            self._send_all(taken)
        return len(taken)

    def _send_all(self, taken: Sequence[SmsMessage]) -> None:
        now, until = clock.now(), time.monotonic() + BEGIN_WITHIN
        done = [message for message in taken if message.expires_at <= now]
        flying: dict[Future[None], SmsMessage] = {}
        for message in (each for each in taken if each.expires_at > now):
            try:
                flying[self._pool.submit(self._hand_over, *_opened(message), until)] = message
            except SealBroken:  # no number of tries would open it
                log.error("text message %s does not open and is dropped", message.id)
                done.append(message)
        answered = [self._landed(flying[future], future, done) for future in as_completed(flying)]
        self._doubted = bool(answered) and not any(answered)
        if self._doubted:
            self._rest_until = time.monotonic() + REST
        with transaction():
            write(GONE, {"ids": [m.id for m in done], "fences": [m.fence for m in done]})

    def _hand_over(self, message: SmsMessage, phone: str, text: str, until: float) -> None:
        if time.monotonic() > until:
            raise _TooLate
        gateway = self._gateway()
        if message.tries > 1:
            known = gateway.ask(message.reference)
            if known is Outcome.REFUSED:
                raise MessageRefused("refused before")
            if known is not Outcome.UNKNOWN:
                return
        gateway.send(message.reference, phone, text)

    def _landed(self, message: SmsMessage, future: Future[None], done: list[SmsMessage]) -> bool:
        """Keep the books of one message; return whether the gateway answered."""
        try:
            future.result()
        except MessageRefused as fault:
            log.warning("text message %s was refused: %s", message.id, fault.reason)
        except _TooLate:
            _unless_overtaken(release, message)
            return True
        except GatewayAway as fault:
            log.warning("text message %s is not taken yet: %s", message.id, fault)
            _unless_overtaken(partial(retry, after=fault.after), message)
            return False
        except Exception as fault:  # noqa: BLE001  one message must not hold up the others
            log.error("text message %s failed: %s", message.id, type(fault).__name__)
            _unless_overtaken(retry, message)
            return False
        done.append(message)
        return True


def _opened(message: SmsMessage) -> tuple[SmsMessage, str, str]:
    return (
        message,
        vault.open("sms.phone", message.reference, message.phone_sealed),
        vault.open("sms.text", message.reference, message.text_sealed),
    )


def _unless_overtaken(record: Callable[[SmsMessage], None], message: SmsMessage) -> None:
    try:
        record(message)
    except LeaseLost:
        log.warning("text message %s was taken over", message.id)
