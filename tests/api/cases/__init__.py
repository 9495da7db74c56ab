"""The whole life of a case, as those concerned live it."""
