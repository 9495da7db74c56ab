"""Notices: what an area tells its people, once, in time, and who has been reached."""
