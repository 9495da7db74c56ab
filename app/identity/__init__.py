"""Residents, households, staff, sessions and grants: who is asking and where their word counts."""
