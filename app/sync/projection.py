"""From the mirror into the product's own tables: the changed rows only, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from app.database import Model, transaction
from app.sync.contract import Stream


@dataclass(frozen=True, slots=True)
class Projection:
    """Which columns of ``model`` come from a stream, as SQL over ``s``, the changed record.

    Only columns named here are ever written by the exchange: what the platform owns stays. Rows
    that would not change are not touched. ``afterwards`` are statements that keep derived columns.
    """

    model: type[Model]
    key: tuple[str, ...]
    columns: Mapping[str, str]
    afterwards: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a column that the table does not have, when the module is imported."""
        strange = {*self.columns, *self.key} - set(self.model.__table__.columns.keys())
        if strange:
            raise ValueError(f"{self.model.__tablename__} has no {sorted(strange)}")

    def __call__(self, _stream: Stream) -> None:
        """Project the rows in ``stage_rows``."""
        with transaction() as session:
            session.execute(text(self.statement()))
            for statement in self.afterwards:
                session.execute(text(statement))

    def statement(self) -> str:
        """Return the upsert, in the order of the key, so that two runs cannot deadlock.

        Of two records with one natural key the newer is taken, as the mirror's order has it.
        """
        names = ", ".join(self.columns)
        values = ", ".join(f"{value} AS {name}" for name, value in self.columns.items())
        key = ", ".join(self.key)
        owned = [name for name in self.columns if name not in self.key]
        insert = (
            f"INSERT INTO {self.model.__tablename__} AS t ({names}) "
            f"SELECT DISTINCT ON ({key}) {values} FROM stage_rows s "
            f"ORDER BY {key}, s.ver DESC, s.hash DESC, s.sid ON CONFLICT ({key}) DO "
        )
        if not owned:
            return insert + "NOTHING"
        changes = ", ".join(f"{name} = excluded.{name}" for name in owned)
        before = ", ".join(f"t.{name}" for name in owned)
        after = ", ".join(f"excluded.{name}" for name in owned)
        return insert + f"UPDATE SET {changes} WHERE ({before}) IS DISTINCT FROM ({after})"
