"""The inbox: what is meant for a reader, what is unread, and finding it again."""
