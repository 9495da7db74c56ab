"""Turning keys while people work: what old ones sealed is sealed anew, batch by batch."""
