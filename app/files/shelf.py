"""The store of this installation, set once when the application is assembled."""

from app.files.stores import Store, store_of
from app.settings import Settings


class Shelf:
    """Knows the store from the settings; opens it when it is first used."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._store: Store | None = None

    def use(self, settings: Settings) -> None:
        """Take the settings of the installation."""
        self._settings, self._store = settings, None

    @property
    def settings(self) -> Settings:
        """Return the settings: how large and how many files may be, too."""
        if self._settings is None:
            raise RuntimeError("no installation is assembled")
        return self._settings

    @property
    def store(self) -> Store:
        """Return the store."""
        if self._store is None:
            self._store = store_of(self.settings)
        return self._store


shelf = Shelf()
