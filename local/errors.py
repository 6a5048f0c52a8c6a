"""The one error of the local runner."""


class LocalError(Exception):
    """Something did not work; the message is one sentence for a person, perhaps with the end of a log."""
