"""Runs migrations as the owner of the tables."""

from alembic import context
from flask import current_app

from app.database import Model, engine_of

engine = engine_of(current_app.extensions["linli.settings"].owner_url)
LOCK = "SELECT pg_advisory_lock(hashtextextended('linli migrations', 0))"


def run() -> None:
    """Migrate in one transaction, one process at a time."""
    with engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SET lock_timeout = '60s'")
        connection.exec_driver_sql("SET linli.sight = 'system'")  # policies bind owners, too
        connection.exec_driver_sql(LOCK)
        connection.commit()
        context.configure(connection=connection, target_metadata=Model.metadata)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
