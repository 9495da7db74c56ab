"""The one route that stands twice: with its row for residents, and open to anyone."""

GUARDED, OPEN = "/bench/guarded", "/bench/open"
