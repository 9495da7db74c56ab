"""A source that is a web service: docs/exchange/http.md says what it must answer."""
