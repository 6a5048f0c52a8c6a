"""Derived pictures over HTTP: no redirect, few bytes, one address that the service makes itself.

Sources of the statuses: support.cloudinary.com and cloudinary.com/documentation/image_delivery_options: 404 is not
found, 423 is still being made, 401 is a transformation that the account does not allow.
"""

from urllib.parse import urlsplit

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from autotag.domain.detection.picture import derived_address
from autotag.domain.errors import NotDelivered, Permanent, Retryable
from autotag.domain.model.asset import AssetRef
from autotag.ports.runtime import Secrets

LARGEST = 5_242_880
"""Bytes of a picture that DetectLabels takes (botocore, data/rekognition/2016-06-27/service-2.json, ``ImageBlob``)."""

_CONNECT, _READ = 2.0, 10.0
_NOT_YET = frozenset({404, 423})
_SETTINGS = (
    "Settings > Security of the account: strict transformations must allow signed ones, the API key must be live, and "
    "signatures of SHA-256 with 32 characters must be accepted"
)


class DeliveredPictures:
    """Implements the ``Pictures`` port. ``base`` is the origin that pictures are delivered from. Threads share it."""

    def __init__(self, base: str, secrets: Secrets) -> None:
        self._base, self._secrets = base, secrets
        self._pool = PoolManager(maxsize=8, retries=False)

    def fetch(self, asset: AssetRef) -> bytes:
        """Return a JPEG of the version of ``asset``, as the port says."""
        credentials = self._secrets.credentials()
        status, picture = self._get(derived_address(self._base, credentials.cloud_name, credentials.api_secret, asset))
        if status == 401:  # the secret may have been rotated since it was cached
            newer = self._secrets.credentials(newer=True)
            if newer != credentials:
                status, picture = self._get(derived_address(self._base, newer.cloud_name, newer.api_secret, asset))
        if status == 200:
            if len(picture) > LARGEST:
                raise Permanent(f"the delivered picture has more than {LARGEST:,} bytes")
            return picture
        if status in _NOT_YET:
            raise NotDelivered(f"Cloudinary's delivery answered {status}")
        if 400 <= status < 500 and status not in (408, 420, 429):
            raise Permanent(f"Cloudinary's delivery answered {status}{f': {_SETTINGS}' if status == 401 else ''}")
        raise Retryable(f"Cloudinary's delivery answered {status}")

    def _get(self, address: str) -> tuple[int, bytes]:
        try:
            response = self._pool.request(
                "GET", address, redirect=False, timeout=Timeout(connect=_CONNECT, read=_READ),
                headers={"accept-encoding": "identity"}, preload_content=False,
            )  # fmt: skip
            try:
                body = response.read(LARGEST + 1) if response.status == 200 else b""
            finally:
                response.close()
        except HTTPError as error:
            raise Retryable(f"{urlsplit(address).hostname}: {type(error).__name__}") from None  # it names the address
        return response.status, body
