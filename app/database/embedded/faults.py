"""What can go wrong with a server of one's own."""


class ServerNotStarted(Exception):
    """The embedded server does not answer; the message ends with the last lines of its log."""
