"""Outcomes to the district: told in the deed, sent by the worker, in order for each subject."""
