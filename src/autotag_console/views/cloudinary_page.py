"""The address of an asset in Cloudinary's own console."""

from urllib.parse import quote, urlsplit

from autotag.domain.model.asset import AssetRef
from autotag_console.pictures import Delivery

_MEDIA_LIBRARY = "https://cloudinary.com/console/media_library/asset"
"""Source: the link of the SilverStripe plugin for Cloudinary, ``CMSEditLink``; not documented by the vendor."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def cloudinary_page(delivery: Delivery, asset: AssetRef) -> str:
    """Return the address; for a local Cloudinary, that of its page with this asset."""
    public_id = quote(asset.public_id, safe="")
    if urlsplit(delivery.base).hostname in _LOOPBACK:
        return f"{delivery.base.rstrip('/')}/_simulator/?public_id={public_id}"
    return f"{_MEDIA_LIBRARY}/{asset.resource_type or 'image'}/{asset.type or 'upload'}/{public_id}"
