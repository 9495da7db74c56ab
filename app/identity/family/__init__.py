"""Household and family: where somebody lived when, who shares with whom, guardians and wards."""

from app.identity.family.homes import Home, home_at, past_homes
from app.identity.family.sharing import sharing_with

__all__ = ["Home", "home_at", "past_homes", "sharing_with"]
