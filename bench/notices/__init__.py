"""Measurements of notices: what publishing and reading cost, by the size of the district."""
