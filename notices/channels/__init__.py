"""Channels: how a notice reaches a person who is not looking. Each is one file, one protocol."""
