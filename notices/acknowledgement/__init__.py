"""Duties to acknowledge: who has not answered is reminded, and in the end visited."""
