"""Web push: to the browsers and phones that a resident allowed (RFC 8030, 8291, 8292)."""
