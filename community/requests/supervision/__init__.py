"""Supervision: what is due or overdue climbs a ladder, the oldest first."""
