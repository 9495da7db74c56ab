"""Records dropped as files into a folder, with a manifest that says what they are."""

from app.sync.connectors.config import SourceConfig
from app.sync.connectors.files.connector import FileDrop


def configured(config: SourceConfig) -> FileDrop:
    """Return the drop that a source's TOML file describes: ``folder``, and nothing else.

    Raises:
        ConfigRefused: a setting is missing or unknown.
    """
    config.options.only("folder")
    for stream in config.streams.values():
        stream.only()
    return FileDrop(config.folder / config.options.text("folder"), config.source)


__all__ = ["FileDrop", "configured"]
