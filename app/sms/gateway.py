"""What the product asks of whoever carries text messages."""

from typing import Protocol
from uuid import UUID


class GatewayAway(Exception):
    """The gateway did not take the message; it is tried again until it expires."""


class SmsGateway(Protocol):
    """Whoever carries text messages."""

    def send(self, reference: UUID, phone: str, text: str) -> None:
        """Hand over one message; ``reference`` is the same for a repeat.

        Raises:
            GatewayAway: try again later.
        """
        ...
