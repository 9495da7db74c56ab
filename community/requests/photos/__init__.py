"""Photos of a request: of whoever filed it, and of those who work on it."""
