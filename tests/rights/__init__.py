"""What people can ask about their own data."""
