"""The addresses of pictures: delivery URLs in three sizes, signed where Cloudinary asks for it, or why there is none.

Sources: cloudinary.com/documentation/image_transformations, transformation URL structure;
cloudinary.com/documentation/delivery_url_signatures; ``cloudinary_url`` of the official Python SDK.
"""

import base64
import hashlib
import re
from typing import Any, Literal
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef

Size = Literal["deck", "large", "grid"]

_CROPS: dict[Size, str] = {"deck": "c_limit,w_900", "large": "c_limit,w_1800", "grid": "c_fill,g_auto,w_320,h_240"}
"""Three sizes and no more: each is a derived asset, which costs transformation credits."""

_SHORT, _LONG = 8, 32
"""Characters of a signature: of SHA-1, or of SHA-256 in accounts with long signatures (pycloudinary, utils.py)."""


class Delivery(Struct, frozen=True):
    """Where pictures are delivered. ``base`` is ``https://res.cloudinary.com`` or another host's address.

    ``cloud_name`` is "" if it is not known. ``api_secret`` signs, "" if nothing can be signed. ``long_signature`` and
    ``strict`` are settings of the account: long URL signatures, strict transformations. The host of a private CDN
    (``private_cdn``) belongs to one cloud, so that its URLs leave out the name.
    """

    base: str
    cloud_name: str
    api_secret: str = ""
    long_signature: bool = False
    strict: bool = False
    private_cdn: bool = False

    def __repr__(self) -> str:
        """Describe the place without the secret, since settings end up in logs."""
        return f"Delivery({self.base!r}, {self.cloud_name!r}, signs={bool(self.api_secret)})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Describe the place to ``rich`` without the secret: msgspec's own method would show each field."""
        return [("base", self.base), ("cloud_name", self.cloud_name)]

    def of_cloud(self, cloud_name: str) -> "Delivery":
        """Return the delivery of the cloud that a stack names; the secret of another cloud would only sign wrongly."""
        if cloud_name in ("", self.cloud_name):
            return self
        return replace(self, cloud_name=cloud_name, api_secret="" if self.cloud_name else self.api_secret)


class Picture(Struct, frozen=True):
    """The ``url`` of a picture, or the ``reason`` that it has none, a sentence; the other one is ""."""

    url: str = ""
    reason: str = ""


def picture_url(delivery: Delivery, asset: AssetRef, format: str, size: Size) -> Picture:
    """Return the picture of the version of an asset that ``asset`` names, in one of the three sizes.

    ``format`` is the asset's own, such as ``jpg``, "" if it is not known. A video is shown by its poster frame.
    """
    resource_type, type_ = asset.resource_type or "image", asset.type or "upload"
    if resource_type == "raw":
        return Picture(reason="This is a raw file, which Cloudinary does not show as a picture.")
    if not delivery.cloud_name:
        return Picture(reason="No cloud name is known: set CLOUDINARY_CLOUD_NAME, or CLOUDINARY_URL.")
    if not delivery.api_secret and (type_ == "authenticated" or delivery.strict):
        what = f"This asset is {type_}" if type_ == "authenticated" else "The account has strict transformations"
        return Picture(reason=f"{what}, and no API secret of {delivery.cloud_name} is set: set CLOUDINARY_URL.")
    transformation = f"{_CROPS[size]}/{'q_auto' if resource_type == 'video' else 'f_auto,q_auto'}"
    source = _source(asset.public_id, type_, "jpg" if resource_type == "video" else format)
    # a transformed private image is public, so that it needs no signature; with one it is delivered in any account
    signed = delivery.api_secret and (type_ in ("authenticated", "private") or delivery.strict)
    signature = _signature(delivery, f"{transformation}/{source}") if signed else ""
    cloud = "" if delivery.private_cdn else quote(delivery.cloud_name, safe="")
    version = f"v{asset.version or 1}"
    parts = (delivery.base.rstrip("/"), cloud, resource_type, type_, signature, transformation, version, source)
    return Picture("/".join(part for part in parts if part))


def _source(public_id: str, type_: str, format: str) -> str:
    """Return the end of a URL, escaped as the SDKs do: all but letters, digits and ``_.-/:``.

    A fetched picture is named by its own address, and its URL has no extension.
    """
    escaped = quote(re.sub(r"([^:])/+", r"\1/", public_id), safe="/:").replace("~", "%7E")
    return f"{escaped}.{quote(format, safe='')}" if format and type_ != "fetch" else escaped


def _signature(delivery: Delivery, text: str) -> str:
    """Return the part of a URL that signs ``text``: transformation and name, without the version."""
    signed = f"{text}{delivery.api_secret}".encode()
    if delivery.long_signature:
        digest, length = hashlib.sha256(signed).digest(), _LONG
    else:
        digest, length = hashlib.sha1(signed).digest(), _SHORT  # noqa: S324 - the vendor's algorithm
    return f"s--{base64.urlsafe_b64encode(digest).decode()[:length]}--"
