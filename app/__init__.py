"""The ground: everything that is not about one feature."""
