"""Signed webhooks: the systems of others that want to know what an area is told."""
