"""Promises about people, kept on a real PostgreSQL."""
