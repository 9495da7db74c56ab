"""The district that answers: a stand-in for the other side of the exchange, for tests and trials.

It knows nothing of the product, keeps books of its own, and can be told to misbehave.
"""
