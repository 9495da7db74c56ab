"""From a draft to its readers by a second person, at once or at its time, and back again."""
