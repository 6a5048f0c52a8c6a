"""Derived pictures over HTTP: no redirect, few bytes, little time, one address that the service makes itself.

Sources of the statuses: support.cloudinary.com and cloudinary.com/documentation/image_delivery_options: 404 is not
found, 423 is still being made, 401 is a transformation that the account does not allow.
"""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from autotag.domain.detection.picture import derived_address
from autotag.domain.errors import NotDelivered, Undeliverable
from autotag.domain.model.asset import AssetRef
from autotag.ports.runtime import Secrets

LARGEST = 5_242_880
"""Bytes of a picture that DetectLabels takes (botocore, data/rekognition/2016-06-27/service-2.json, ``ImageBlob``)."""

LONGEST = 10.0
"""Seconds in which a picture must be there, from the first request on."""

_CONNECT = 2.0
_PART = 65_536
_PASSING = frozenset({404, 408, 420, 423, 425, 429})
_SETTINGS = (
    "Settings > Security of the account: strict transformations must allow signed ones, the API key must be live, and "
    "signatures of SHA-256 with 32 characters must be accepted"
)
_REDIRECT = "a redirect, which is not followed: CloudinaryDeliveryBase must be an origin that delivers pictures itself"


class DeliveredPictures:
    """Implements the ``Pictures`` port. ``base`` is the origin that pictures are delivered from. Threads share it.

    ``clock`` returns seconds that only ever grow.
    """

    def __init__(self, base: str, secrets: Secrets, clock: Callable[[], float] = time.monotonic) -> None:
        self._base, self._secrets, self._clock = base, secrets, clock
        self._pool = PoolManager(maxsize=8, retries=False)

    def fetch(self, asset: AssetRef) -> bytes:
        """Return a JPEG of the version of ``asset``, as the port says."""
        until, credentials = self._clock() + LONGEST, self._secrets.credentials()
        address = derived_address(self._base, credentials.cloud_name, credentials.api_secret, asset)
        status, picture = self._get(address, until)
        if status == 401:  # the secret may have been rotated since it was cached
            newer = self._secrets.credentials(newer=True)
            if newer != credentials:
                address = derived_address(self._base, newer.cloud_name, newer.api_secret, asset)
                status, picture = self._get(address, until)
        if status == 200 and picture:
            if len(picture) > LARGEST:
                raise Undeliverable(f"the delivered picture has more than {LARGEST:,} bytes")
            return picture
        answered = f"Cloudinary's delivery answered {status}"
        if 300 <= status < 400:
            raise Undeliverable(f"{answered}, {_REDIRECT}")
        if 400 <= status < 500 and status not in _PASSING:
            raise Undeliverable(f"{answered}{f': {_SETTINGS}' if status == 401 else ''}")
        raise NotDelivered(f"{answered} without a picture" if status < 300 else answered)

    def _get(self, address: str, until: float) -> tuple[int, bytes]:
        try:
            response = self._pool.request(
                "GET", address, redirect=False, timeout=Timeout(connect=_CONNECT, read=self._left(until)),
                headers={"accept-encoding": "identity"}, preload_content=False,
            )  # fmt: skip
            try:
                body = self._body(response, until) if response.status == 200 else b""
            finally:
                response.close()
        except HTTPError as error:  # it names the address
            raise NotDelivered(f"{urlsplit(address).hostname}: {type(error).__name__}") from None
        return response.status, body

    def _body(self, response: BaseHTTPResponse, until: float) -> bytes:
        """Return what came, up to a part beyond ``LARGEST`` bytes."""
        parts: list[bytes] = []
        size = 0
        while size <= LARGEST:
            left = self._left(until)
            if (sock := getattr(response.connection, "sock", None)) is not None:
                sock.settimeout(left)  # a timeout of urllib3 begins anew with each part
            part = response.read1(_PART)
            if not part:
                break
            parts.append(part)
            size += len(part)
        return b"".join(parts)

    def _left(self, until: float) -> float:
        left = until - self._clock()
        if left <= 0:
            raise NotDelivered(f"Cloudinary's delivery took longer than {LONGEST:g} seconds")
        return left
