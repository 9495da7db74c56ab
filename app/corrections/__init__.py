"""Correction of the district's records (数据校核): asked here, decided by the record's owner."""
