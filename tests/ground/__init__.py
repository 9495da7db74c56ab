"""The ground holds: settings, transactions, seals, the worker, the log."""
