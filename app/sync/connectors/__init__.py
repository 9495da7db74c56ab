"""Sources of records: one protocol, one package a kind."""
