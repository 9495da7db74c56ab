"""Merging: several requests about one thing go on as one, and can be taken apart again."""
