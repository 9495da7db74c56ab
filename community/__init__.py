"""Nearby service requests: what can be asked, where it can be handled, and each request's life."""
