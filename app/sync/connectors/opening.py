"""Opening a source by its configuration.

The packages are named here and imported when a source of their kind is opened: what an
installation does not use (a database driver, the reader of workbooks) is not loaded.
"""

import pkgutil
from collections.abc import Callable

from app.settings.section import ConfigRefused
from app.sync.connectors.config import SourceConfig
from app.sync.connectors.protocol import Connector

KINDS = {
    "files": "app.sync.connectors.files:configured",
    "http": "app.sync.connectors.http.connector:configured",
    "postgresql": "app.sync.connectors.frontend:configured",
    "mysql": "app.sync.connectors.frontend:configured",
    "oracle": "app.sync.connectors.frontend:configured",
    "kingbase": "app.sync.connectors.frontend:configured",
    "dameng": "app.sync.connectors.frontend:configured",
}


def connector_of(config: SourceConfig) -> Connector:
    """Return the connector that a configuration describes.

    Raises:
        ConfigRefused: there is no such kind, or its settings are wrong.
    """
    if config.kind not in KINDS:
        raise ConfigRefused(f"kind must be one of {', '.join(KINDS)}")
    configured: Callable[[SourceConfig], Connector] = pkgutil.resolve_name(KINDS[config.kind])
    return configured(config)
