"""Service requests: filed, dispatched, claimed, settled and rated near the people concerned."""
