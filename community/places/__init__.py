"""Service points: where a matter can be handled, and when they are open."""
