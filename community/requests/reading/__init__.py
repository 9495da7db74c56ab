"""Reading requests: one, one's own, those to work on, those nearby."""
