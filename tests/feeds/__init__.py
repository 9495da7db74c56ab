"""What anybody may read of notices, as feed readers and warning systems read it."""
