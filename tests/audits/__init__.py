"""The trail: sealed, verified, shown, and removed in its time."""
