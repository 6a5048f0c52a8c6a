"""Where Rekognition's picture of an asset is: an address that the service makes itself, or the original in a bucket.

No address is taken from a notification: a signed body may still name a host of somebody's choice.
"""

import base64
import hashlib
import re
from urllib.parse import quote

from autotag.domain.model.asset import AssetRef, format_key

_TRANSFORMATION = "c_limit,w_1600,h_1600/f_jpg,q_85"
"""Makes a JPEG below five megabytes of any format. Source: cloudinary.com/documentation/transformation_reference."""

_LONG = 32
"""Characters of a long signature, one of SHA-256. Source: cloudinary.com/documentation/control_access_to_media, signed
delivery URLs, and Cloudinary's Python SDK, ``long_url_signature``."""

OF_OBJECTS = frozenset({"jpg", "png"})
"""Formats that DetectLabels reads from a bucket. Source: botocore, data/rekognition/2016-06-27/service-2.json,
``DetectLabels``: "an image (JPEG or PNG)"."""


def derived_address(base: str, cloud_name: str, api_secret: str, asset: AssetRef) -> str:
    """Return the signed address of a JPEG of the version of ``asset``, at most 1600 pixels wide and high.

    The signature is also there where none is needed: with it the picture is delivered under strict transformations and
    of private assets. It covers transformation and name, without the version. Only a long signature of SHA-256 is taken
    whatever algorithm the account is limited to. A name that ends in an extension would lose it: Cloudinary reads the
    last one of an image's address as the format (github.com/cloudinary/cloudinary_php/issues/311), so one is added.
    """
    named = quote(re.sub(r"([^:])/+", r"\1/", f"{asset.public_id}.jpg"), safe="/:").replace("~", "%7E")
    signed = f"{_TRANSFORMATION}/{named}"
    digest = hashlib.sha256(f"{signed}{api_secret}".encode()).digest()
    signature = f"s--{base64.urlsafe_b64encode(digest).decode()[:_LONG]}--"
    place = f"{quote(cloud_name, safe='')}/{asset.resource_type}/{asset.type}"
    return f"{base.rstrip('/')}/{place}/{signature}/{_TRANSFORMATION}/v{asset.version or 1}/{named}"


def object_key(template: str, asset: AssetRef, format: str) -> str:
    """Return the key of an original by ``template``, such as ``{public_id}.{format}``; "" if it is no JPEG or PNG.

    The other words are ``{asset_id}`` and ``{version}``. A word in a value is not replaced again.
    """
    if format_key(format) not in OF_OBJECTS:
        return ""
    values = {
        "public_id": asset.public_id, "format": format, "asset_id": asset.asset_id, "version": str(asset.version),
    }  # fmt: skip
    return re.sub(r"\{(public_id|format|asset_id|version)\}", lambda match: values[match[1]], template)
