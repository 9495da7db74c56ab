"""Which way outcomes go: by the ``[out]`` of a source's file, or into the exchange folder."""

import pkgutil
from collections.abc import Callable

from app.settings import Settings
from app.settings.section import ConfigRefused, Section
from app.sync.outward.files import FileDropOut
from app.sync.outward.protocol import Transport

KINDS = {
    "files": "app.sync.outward.files:configured",
    "http": "app.sync.outward.http:configured",
    "postgresql": "app.sync.outward.frontend:configured",
    "mysql": "app.sync.outward.frontend:configured",
}


def transport_of(section: Section | None, settings: Settings) -> Transport:
    """Return the transport that a section describes; without one, files in the exchange folder.

    What is not used is not imported: a database's driver, a client of HTTP.

    Raises:
        ConfigRefused: there is no such kind, or its settings are wrong.
    """
    if section is None:
        return FileDropOut(settings.exchange_out)
    kind = section.text("kind")
    if kind not in KINDS:
        raise ConfigRefused(f"{section.title}.kind must be one of {', '.join(KINDS)}")
    configured: Callable[[Section], Transport] = pkgutil.resolve_name(KINDS[kind])
    return configured(section)
