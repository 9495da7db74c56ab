"""Handling: signing, claiming, asking, settling; and when a unit says it is not its duty."""
