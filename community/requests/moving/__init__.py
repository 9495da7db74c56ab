"""Requests whose grid ends or shifts."""
