"""`make run`: the database, the web and the worker of one machine, started and stopped together."""
