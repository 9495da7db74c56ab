"""The edge: closed-by-default routes, problems, repeats, versions, documentation, health, log."""
