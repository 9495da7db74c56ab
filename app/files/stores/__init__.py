"""Where bytes lie: in a folder, or in a store that speaks S3. Known by their SHA-256."""

import pkgutil
from collections.abc import Callable
from pathlib import Path

from app.files.stores.protocol import BlobMissing, Store, StoreAway
from app.settings import Settings

__all__ = ["BlobMissing", "Store", "StoreAway", "store_of"]

S3 = "app.files.stores.s3:s3_store"  # loaded where an installation uses it


def store_of(settings: Settings) -> Store:
    """Return the store that an installation names in ``LINLI_FILES``."""
    if settings.files.startswith("s3+"):
        made: Callable[[Settings], Store] = pkgutil.resolve_name(S3)
        return made(settings)
    folder: Callable[[Path], Store] = pkgutil.resolve_name("app.files.stores.folder:FolderStore")
    return folder(Path(settings.files))
