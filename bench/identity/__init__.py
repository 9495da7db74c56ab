"""What signing in costs: others, the server, and those whose number is looked for."""
