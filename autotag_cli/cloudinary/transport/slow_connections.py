"""Connections that distinguish a slow line from a dead one.

``urllib3`` sends each block of a body under the connection timeout, which must be short. Here blocks have their own
timeout, which suffices for a line of a few hundred bytes a second.
"""

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager

_BLOCK_SENT = 60.0
"""Seconds in which a block must be sent."""


class _Http(HTTPConnection):
    def send(self, data: Any) -> None:
        """Send a block; after it, ``urllib3`` sets the timeout for the response."""
        if self.sock is not None:
            self.sock.settimeout(_BLOCK_SENT)
        super().send(data)


class _Https(HTTPSConnection):
    def send(self, data: Any) -> None:
        """Send a block, encrypted."""
        if self.sock is not None:
            self.sock.settimeout(_BLOCK_SENT)
        super().send(data)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class SlowConnectionAdapter(HTTPAdapter):
    """An adapter that uses such connections, also through a proxy."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Create the connections to hosts."""
        super().init_poolmanager(*args, **kwargs)
        _slow(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        """Create the connections to a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        _slow(manager)
        return manager


def _slow(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
