"""A test of whether a URL is on this machine."""

from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Return whether ``url`` names this machine."""
    return urlsplit(url).hostname in _LOOPBACK
