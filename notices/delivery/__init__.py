"""Delivery: a published notice on its way to each person, by chunks that survive any death."""
