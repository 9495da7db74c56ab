"""Promises of the pure rules: no server, no database, no clock."""
