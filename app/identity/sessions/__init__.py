"""Staying signed in on a device, and going out."""
