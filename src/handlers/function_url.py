"""Applications behind a Function URL: how Mangum runs them, and answers without one."""

import asyncio
import logging
from typing import Any

from mangum import Mangum
from mangum.types import ASGI

asyncio.set_event_loop(asyncio.new_event_loop())  # Mangum runs each request in it
logging.getLogger("mangum.http").setLevel(logging.WARNING)  # else it logs the path of each request, of anyone


def on_function_url(app: ASGI) -> Mangum:
    """Return what answers the events of a Function URL with ``app``."""
    return Mangum(app, lifespan="off")


def refused(status: int, sentence: str) -> dict[str, Any]:
    """Return an answer of one sentence."""
    return {"statusCode": status, "headers": {"content-type": "text/plain; charset=utf-8"}, "body": sentence}
