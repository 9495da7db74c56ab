"""assemble(settings, features) -> Flask. The factory knows what a feature is, and names none."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from app.commands import MIGRATIONS, operator_commands
from app.database import Model, db, engine_settings, read_from, sign_cursors_with
from app.feature import Feature
from app.ground import ground_features
from app.http.guard import guard
from app.http.log import log_requests, log_to_stdout
from app.http.openapi import CODE_PARAMETER, configure_api, describe
from app.http.planted import plant
from app.http.polling import Polls
from app.http.problems import handle_problems
from app.http.shapes import CODE
from app.http.system import POLICY as SYSTEM_POLICY
from app.http.system import system_blueprint
from app.http.tokens import configure_tokens
from app.identity.actors import load_actor
from app.policy import PolicyTable
from app.privacy import KeyRing, Keyring, vault
from app.settings import Settings

VERSION = (Path(__file__).parent / "VERSION").read_text().strip()

ABOUT = """Linli 邻里: resident identity, nearby service requests and community notices.

Every refusal is a problem document (RFC 9457) whose `type` is explained in docs/problems.md.
Chinese unless `Accept-Language: en`. `x-policy` says which role reaches whose things.
"""


class Linli(Flask):
    """The application. Nothing in it is a coroutine, so no view is asked whether it is one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


class CodeConverter(BaseConverter):
    """A code in a path."""

    regex = CODE


def assemble(settings: Settings, features: Sequence[Feature]) -> Flask:
    """Put the features on the ground and return the application."""
    every = (*ground_features(settings), *features)
    app = Linli("linli", static_folder=None)
    app.url_map.converters["code"] = CodeConverter
    app.url_map.strict_slashes = False
    app.url_map.redirect_defaults = False
    app.config.update(
        PROVIDE_AUTOMATIC_OPTIONS=False,  # phones send none; an open method is one to guard
        MAX_CONTENT_LENGTH=settings.body_limit,
        **engine_settings(settings),
    )
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), metadata=Model.metadata)
    vault.unlock(keyring_of(settings))
    sign_cursors_with(settings.cursor_key)
    read_from(settings)
    configure_tokens(app, settings)
    table = PolicyTable([SYSTEM_POLICY, *(feature.policy for feature in every)])
    app.extensions["linli.settings"] = settings
    app.extensions["linli.policy"] = table
    guard(app, table, load_actor, settings.body_limit)
    log_requests(app)
    handle_problems(app)
    api = configure_api(app, VERSION)
    api.register_converter(CodeConverter, lambda _: dict(CODE_PARAMETER))
    for blueprint in (b for feature in every for b in feature.blueprints):
        api.register_blueprint(blueprint)
    app.extensions["linli.description"] = partial(describe, api, table, ABOUT)
    app.register_blueprint(system_blueprint(app.extensions["linli.description"], _newest()))
    app.wsgi_app = Polls(app, table, load_actor)  # type: ignore[method-assign]
    if settings.proxies:  # only then is X-Forwarded-For somebody's word that we can trust
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0
        )
    if settings.planted_faults:
        plant(app)
    _add_commands(app, every)
    log_to_stdout()
    return app


def _add_commands(app: Flask, features: Sequence[Feature]) -> None:
    streams = [stream for feature in features for stream in feature.streams]
    sweeps = [sweep for feature in features for sweep in feature.sweeps]
    commands = [command for feature in features for command in feature.commands]
    app.extensions["linli.streams"] = streams
    app.extensions["linli.features"] = features
    app.extensions["linli.forgets"] = [each for feature in features for each in feature.forgets]
    app.extensions["linli.sweeps"] = sweeps
    for command in (*operator_commands(streams, sweeps), *commands):
        app.cli.add_command(command)


def keyring_of(settings: Settings) -> Keyring:
    """Return the keys of an installation, as the vault takes them."""
    data, wrapping, index = (
        KeyRing(ring.keys, ring.used)
        for ring in (settings.data_keys, settings.wrapping_keys, settings.index_keys)
    )
    return Keyring(data, wrapping, index, settings.fingerprint_key)


def _newest() -> str:
    """Return the migration that this code needs."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())
