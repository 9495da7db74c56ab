"""The roof: the only module that names the features."""

import os

from flask import Flask

from app.database import check_server, db
from app.factory import assemble
from app.settings import from_environment
from community.catalogue.feature import FEATURE as CATALOGUE
from community.places.feature import FEATURE as PLACES
from community.requests.feature import FEATURE as REQUESTS
from notices.feature import FEATURE as NOTICES

FEATURES = (CATALOGUE, PLACES, REQUESTS, NOTICES)


def create_app() -> Flask:
    """Return the application that the environment describes, without asking its database."""
    return assemble(from_environment(os.environ), FEATURES)


def __getattr__(name: str) -> Flask:
    """Build ``app`` on first use, refusing a database that may forget what it acknowledged."""
    if name != "app":
        raise AttributeError(name)
    app = create_app()
    with app.app_context():
        check_server(db.engine)
        db.engine.dispose()
    globals()["app"] = app
    return app
