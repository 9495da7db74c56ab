"""Saying within the term of the law that a case is not to be taken, and one review of that."""
