"""The error of the local runner."""


class LocalError(Exception):
    """A failure. The message is one sentence for a person, sometimes with the end of a log."""
