"""Filing: what is asked, where, for whom, and by which channel."""
