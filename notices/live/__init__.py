"""Live: what is published is told to open pages at once, as server-sent events."""
