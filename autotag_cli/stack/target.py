"""The deployed stack that a command calls, and what is exchanged with it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Keys(NamedTuple):
    """AWS credentials to sign a request with."""

    access_key: str
    secret_key: str
    token: str | None = None


class Target(NamedTuple):
    """One stack: its ops function, how to sign requests, its outputs, and the URL of the AWS emulator (None: real AWS).

    The Function URLs among the ``outputs`` can be called as they are.
    """

    stack: str
    ops_url: str
    region: str
    keys: Keys
    outputs: Mapping[str, str] = MappingProxyType({})
    endpoint_url: str | None = None


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    body: bytes


Transport = Callable[[str, Mapping[str, str], bytes], Reply]
"""Posts a body with headers to a URL; raises ``Failure`` if no answer comes."""
