"""Migrations equal models; every column says what it holds; every table has an owner."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import LargeBinary

import wsgi
from app.commands import MIGRATIONS
from app.database import Model, db
from app.ground import ground_features
from app.privacy import Pii
from app.settings import Settings

KEYED = (Pii.PERSONAL, Pii.SENSITIVE, Pii.SECRET)


def test_migrations_make_exactly_the_tables_of_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Model.metadata) == []


def test_there_is_one_line_of_migrations(app: Flask) -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_every_column_says_what_it_holds(app: Flask) -> None:
    untagged = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.info.get("pii") not in set(Pii)
    ]
    assert untagged == []


def test_what_is_personal_is_sealed_or_indexed_never_plain(app: Flask) -> None:
    plain = [
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.info["pii"] in KEYED and not isinstance(column.type, LargeBinary)
    ]
    assert plain == []


def test_every_table_belongs_to_a_feature_or_a_stream(settings: Settings) -> None:
    features = (*ground_features(settings), *wsgi.FEATURES)
    owned = {model.__tablename__ for feature in features for model in feature.models}
    mirrors = {stream.mirror.name for feature in features for stream in feature.streams}
    assert {table.name for table in Model.metadata.sorted_tables} == owned | mirrors
