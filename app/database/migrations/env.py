"""Runs migrations on the application's own engine."""

from alembic import context
from flask import current_app

from app.database import Model

engine = current_app.extensions["migrate"].db.engine
LOCK = "SELECT pg_advisory_lock(hashtextextended('linli migrations', 0))"


def run() -> None:
    """Migrate in one transaction, one process at a time."""
    with engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SET lock_timeout = '60s'")
        connection.exec_driver_sql(LOCK)
        connection.commit()
        context.configure(connection=connection, target_metadata=Model.metadata)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()  # the lock and the settings go with the connection


run()
