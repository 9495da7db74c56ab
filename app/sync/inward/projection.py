"""From the mirror into the product's own tables: the changed rows only, set by set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from app.database import Model, transaction

YESTERDAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date - 1"


@dataclass(frozen=True, slots=True)
class Projection:
    """Which columns of ``model`` come from a stream, as SQL over ``s``, the record.

    Only columns named here are ever written by the exchange: what the platform owns stays. Rows
    that would not change are not touched. ``ends`` says what becomes of a row whose record is
    gone: "delete", or the name of a date column that ends it on the day before today. ``before``,
    ``leaving`` (of what is gone) and ``afterwards`` are statements that keep what hangs on it.
    """

    model: type[Model]
    key: tuple[str, ...]
    columns: Mapping[str, str]
    ends: str = "delete"
    before: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a column that the table does not have, when the module is imported."""
        named = {*self.columns, *self.key} | ({self.ends} - {"delete"})
        strange = named - set(self.model.__table__.columns.keys())
        if strange:
            raise ValueError(f"{self.model.__tablename__} has no {sorted(strange)}")

    def keys(self, record: str = "s") -> Sequence[str]:
        """Return SQL over the record, which is called so, for the key of the product's row."""
        return [self.columns[name].replace("s.", f"{record}.") for name in self.key]

    def shown(self, record: str) -> str:
        """Return SQL for whether the product shows the row of a record, which is called so."""
        keys = zip(self.key, self.keys(record), strict=True)
        same = [f"p.{name} = {value}" for name, value in keys]
        if self.ends != "delete":
            same.append(f"(p.{self.ends} IS NULL OR p.{self.ends} > {YESTERDAY})")
        # One row by its key. An EXISTS might be answered by reading all of the table at once.
        return f"(SELECT true FROM {self.model.__tablename__} p WHERE {' AND '.join(same)})"

    def arrived(self) -> None:
        """Project the rows in ``stage_rows``."""
        self._run(*self.before, self.upsert(), *self.afterwards)

    def gone(self) -> None:
        """Delete or end the rows of the records in ``stage_gone``."""
        self._run(*self.leaving, self.ending(), *self.afterwards)

    def upsert(self) -> str:
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

    def ending(self) -> str:
        """Return the statement that ends what is gone."""
        table = self.model.__tablename__
        same = " AND ".join(f"t.{name} = {self.columns[name]}" for name in self.key)
        if self.ends == "delete":
            return f"DELETE FROM {table} t USING stage_gone s WHERE {same}"
        open_still = f"(t.{self.ends} IS NULL OR t.{self.ends} > {YESTERDAY})"
        return (
            f"UPDATE {table} t SET {self.ends} = greatest({YESTERDAY}, t.valid_from) "
            f"FROM stage_gone s WHERE {same} AND {open_still}"
        )

    def _run(self, *statements: str) -> None:
        with transaction() as session:
            for statement in statements:
                session.execute(text(statement))


@dataclass(frozen=True, slots=True)
class Accompanied:
    """A projection with which something else is done: what that is, a subclass says."""

    rows: Projection

    def arrived(self) -> None:
        """Project the rows in ``stage_rows``."""
        self.rows.arrived()

    def gone(self) -> None:
        """Delete or end the rows of the records in ``stage_gone``."""
        self.rows.gone()

    def keys(self, record: str = "s") -> Sequence[str]:
        """Return SQL over the record, which is called so, for the key of the product's row."""
        return self.rows.keys(record)

    def shown(self, record: str) -> str:
        """Return SQL for whether the product shows the row of a record, which is called so."""
        return self.rows.shown(record)
