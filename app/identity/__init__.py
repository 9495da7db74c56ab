"""Who is asking: residents, households, mandates, staff, sessions and grants."""
