"""Requests by place: the nearest, those in a box, clusters of them; and what changed in a list."""
