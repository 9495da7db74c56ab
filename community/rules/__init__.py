"""The district's rules as its own data: limits, duties, dispatch, what is not accepted, the ladder.

Each row has the days on which it holds and the basis that it stands on. Nothing here decides: pure
functions beside it do.
"""
