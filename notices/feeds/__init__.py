"""Feeds of every area, its alerts, and the page of a notice: what anybody may read."""
