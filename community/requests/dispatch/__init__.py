"""Dispatch: a place finds its grid, a matter its unit, and the case keeps why."""
