"""Connections that distinguish a slow line from a dead one.

``urllib3`` gives each block of a body as long as a connection may take, which must be short. Here a block has a time of
its own, in which a line of a few hundred bytes a second gets it through.
"""

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager

_BLOCK_SENT = 60.0
"""Seconds in which a block must leave."""


class _Http(HTTPConnection):
    def send(self, data: Any) -> None:
        """Send a block; once it is through, ``urllib3`` sets the time to wait for an answer."""
        if self.sock is not None:
            self.sock.settimeout(_BLOCK_SENT)
        super().send(data)


class _Https(HTTPSConnection):
    def send(self, data: Any) -> None:
        """Do the same, encrypted."""
        if self.sock is not None:
            self.sock.settimeout(_BLOCK_SENT)
        super().send(data)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class SlowLines(HTTPAdapter):
    """Carries calls over such connections, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the connections to hosts."""
        super().init_poolmanager(*args, **kwargs)
        _slow(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> ProxyManager:
        """Make the connections to a proxy."""
        found: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        _slow(found)
        return found


def _slow(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
