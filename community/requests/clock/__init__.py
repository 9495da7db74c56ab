"""The clock of a request: limits, pauses, extensions, and what a resident is told of them."""
