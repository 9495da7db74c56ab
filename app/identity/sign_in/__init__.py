"""Being let in: codes by text message."""
