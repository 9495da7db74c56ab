"""By which channels somebody wants to be told of what, and when not to be disturbed."""
