"""What a notice is about: by it people say of what they want to be told how."""

KINDS = ("general", "utilities", "safety", "health", "policy", "activity")
