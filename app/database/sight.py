"""Whose rows a statement may reach: a second wall, held by the server itself.

Every statement runs in a sight. The server's row-level policies read it, so that a query which
forgets to ask whose row it is finds nothing that the caller may not reach. A request begins in
NOBODY and goes on in the sight of the person its token names; workers and commands see as SYSTEM.
Where a deed by its nature looks at rows of somebody else (signing in, matching a person to the
register), it says so: ``with beyond(): ...``, and those places can be listed.
"""

from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """The five sights, as the policies name them."""

    NOBODY = "nobody"
    RESIDENT = "resident"
    STAFF = "staff"
    BEYOND = "beyond"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Sight:
    """Who is looking: the kind, and for a person the account and the register's person."""

    kind: Kind
    account_id: UUID | None = None
    resident_id: UUID | None = None

    def said(self, *, deed: bool = False) -> bytes:
        """Return the statement that tells the server: for a deed, or for the connection.

        It is a SET and no query: the isolation of a deed may still be chosen after it.
        """
        how = "SET LOCAL" if deed else "SET"
        return f"{how} linli.sight = '{self.setting}'".encode()

    @property
    def setting(self) -> str:
        """Return what the server is told: three words, as the functions of the policies read it."""
        return f"{self.kind} {self.account_id or ''} {self.resident_id or ''}"


NOBODY = Sight(Kind.NOBODY)
SYSTEM = Sight(Kind.SYSTEM)

_sight: ContextVar[Sight] = ContextVar("sight", default=SYSTEM)


def current_sight() -> Sight:
    """Return the sight in which statements run now."""
    return _sight.get()


def look_as(sight: Sight) -> Token[Sight]:
    """Go on in another sight; give the token to ``look_back``."""
    return _sight.set(sight)


def look_back(token: Token[Sight]) -> None:
    """Return to the sight before."""
    _sight.reset(token)
