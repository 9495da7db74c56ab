"""A source that is a web service: docs/exchange/http.md says what it must answer.

Who only asks and signs (client.py) does not load what reads records (connector.py).
"""
