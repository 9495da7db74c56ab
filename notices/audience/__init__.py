"""Whom a notice is for: places x people, asked of residents as they are now."""
