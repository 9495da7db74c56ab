"""Departments that help: parts of a case with their own clocks."""
