"""Delivery URLs as the official SDK builds them, and what the simulator answers to them."""

from typing import Any
from urllib.parse import urlsplit

import cloudinary.utils
import requests

from tests.integration.simulator.simulator_client import Simulator


def url_of(simulator: Simulator, public_id: str, **options: Any) -> str:
    """Return ``cloudinary_url(...)`` with this server as the account's own host name."""
    url: str = cloudinary.utils.cloudinary_url(public_id, cname=urlsplit(simulator.url).netloc, **options)[0]
    return url


def fetch(url: str) -> requests.Response:
    return requests.get(url, timeout=30)


def refusal(url: str) -> tuple[int, str]:
    """Return the status of a refused URL, and Cloudinary's header that says why."""
    answer = fetch(url)
    return answer.status_code, answer.headers["X-Cld-Error"]
