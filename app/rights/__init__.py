"""What people can ask about their own data: what is held, why, a copy, an end (PIPL 44 to 50)."""
