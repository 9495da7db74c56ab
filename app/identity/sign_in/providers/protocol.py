"""What is asked of a provider, whichever it is."""

from dataclasses import dataclass, field
from typing import Protocol


class NotVouched(Exception):
    """The provider vouches for nobody by what was shown: false, used up, or for others."""


class NoWord(Exception):
    """The provider gave no answer that can be used; nobody knows yet."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What goes with somebody who is sent to a provider, and must come back with them."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody brings back: the provider's code, and what of their visit is still known.

    ``nonce_hash`` and ``verifier`` are None where there was no visit.
    """

    code: str = field(repr=False)
    nonce_hash: bytes | None = field(default=None, repr=False)
    verifier: str | None = field(default=None, repr=False)


class Provider(Protocol):
    """Threads may share one."""

    @property
    def visited(self) -> bool:
        """Whether people are sent there first (``going_to``), or their app asks by itself."""
        ...

    def going_to(self, visit: Visit) -> str:
        """Return the address to send somebody to.

        Raises:
            NoWord: the provider does not answer.
        """
        ...

    def who(self, shown: Shown) -> str:
        """Return the provider's own key of the person, the same each time.

        Raises:
            NotVouched: nobody.
            NoWord: no answer that can be used.
        """
        ...
