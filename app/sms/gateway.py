"""What the product asks of whoever carries text messages."""

from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Outcome(StrEnum):
    """What a gateway knows of a message. After ``UNKNOWN`` alone it may be sent again."""

    TAKEN = "taken"  # the gateway has it, and it is on its way
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it never came there


class GatewayAway(Exception):
    """The gateway did not say that it has the message, which may be there or not.

    Ask before it is sent again, not before ``after`` if the gateway named a time.
    """

    def __init__(self, words: str = "away", after: timedelta | None = None) -> None:
        """Keep the wait that it asks for."""
        super().__init__(words)
        self.after = after


class MessageRefused(Exception):
    """The gateway will not carry this message, now or later; ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        """Keep the reason for the books; it never repeats phone or text."""
        super().__init__(reason)
        self.reason = reason


class SmsGateway(Protocol):
    """Whoever carries text messages. Threads may share one."""

    def send(self, reference: UUID, phone: str, text: str) -> None:
        """Hand over one message; ``reference`` is the same for a repeat, and is carried once.

        Raises:
            GatewayAway: nobody knows whether it was taken; ask first, then try again.
            MessageRefused: it never will be.
        """
        ...

    def ask(self, reference: UUID) -> Outcome:
        """Return what became of a message.

        Raises:
            GatewayAway: no answer.
        """
        ...
