"""A front-end database of each kind, filled by people at the district, read by us."""
