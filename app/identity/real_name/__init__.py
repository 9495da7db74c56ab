"""Proving who one is, so that matters may ask how well we know somebody."""
