"""Which deployed stack a command talks to, and what is exchanged with it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Keys(NamedTuple):
    """AWS credentials to sign a request with."""

    access_key: str
    secret_key: str
    token: str | None = None


class Target(NamedTuple):
    """One stack: its ops function, how to sign requests, its outputs, and where AWS is emulated, if it is.

    The Function URLs among the ``outputs`` are such as can be called.
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
"""Posts a body with headers to a URL; raises ``Failure`` where no answer comes."""
