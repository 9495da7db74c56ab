"""CAP 1.2: an emergency as other systems read it, each message frozen when it is published."""
