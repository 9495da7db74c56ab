"""Keys are turned while people work, and a turn that was killed goes on."""
