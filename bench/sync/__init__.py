"""What reading the district's records costs: ``make bench-sync``."""
