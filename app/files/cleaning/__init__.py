"""Uploads made clean in processes apart: pictures drawn anew, documents without what they tell."""
