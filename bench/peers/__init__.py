"""The same two operations on the same tables, as others would build them."""
