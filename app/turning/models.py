"""How far a turn of the keys has come: one row a column, moved in the transaction of its batch."""

from datetime import datetime

from sqlalchemy import BigInteger, SmallInteger, Text
from sqlalchemy.orm import Mapped

from app.database import Model
from app.privacy import internal


class KeyTurn(Model):
    """A column on its way to the keys in use: the next block of its table, and what was done.

    ``left_over``: rows of this pass that somebody else held, or that an old process wrote
    meanwhile; while there are any, another pass follows.
    """

    __tablename__ = "key_turn"

    name: Mapped[str] = internal(Text, primary_key=True)
    sealing: Mapped[int] = internal(SmallInteger)
    finding: Mapped[int] = internal(SmallInteger)
    block: Mapped[int] = internal(BigInteger, server_default="0")
    turned: Mapped[int] = internal(BigInteger, server_default="0")
    left_over: Mapped[int] = internal(BigInteger, server_default="0")
    finished_at: Mapped[datetime | None] = internal()
