"""Delivery URLs: ``/{cloud}/{resource_type}/{type}/[s--SIGNATURE--/][transformations/][v{version}/]{public_id}``.

Source: cloudinary.com/documentation/image_transformations, transformation URL structure.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from simulator.accounts.accounts import Account
from simulator.core.settings import Settings
from simulator.files.url_signatures import needs_signature, url_signature

_SIGNATURE = re.compile(r"s--([A-Za-z0-9_-]{1,64})--")
_TRANSFORMATION = re.compile(r"(?:\$\w+|[a-z]{1,4})_[^,/]+(?:,(?:\$\w+|[a-z]{1,4})_[^,/]+)*")
_VERSION = re.compile(r"v[0-9]+")
_EXTENSION = re.compile(r"(.+)\.([A-Za-z0-9]{1,10})")


class NamedFile(NamedTuple):
    """What a URL names; ``format`` is empty where the public_id holds the extension, as in raw assets."""

    resource_type: str
    type: str
    public_id: str
    format: str

    @property
    def source(self) -> str:
        """The end of the URL, escaped as the SDKs do."""
        return escaped(f"{self.public_id}.{self.format}" if self.format else self.public_id)


class DeliveryPath(NamedTuple):
    """The parts of a URL behind the delivery type, as they were sent (percent-encoded); absent ones are empty."""

    signature: str
    transformation: str
    source: str

    @property
    def signed_texts(self) -> list[str]:
        """The texts that a signature may cover: with the public_id as it was sent, and as the SDKs escape it."""
        sources = dict.fromkeys((self.source, escaped(unquote(self.source))))
        return [f"{self.transformation}/{source}" if self.transformation else source for source in sources]


def split_path(rest: str) -> list[DeliveryPath]:
    """Return the readings of what follows the delivery type, likeliest first.

    Without a version, a folder such as ``ab_c`` may be taken for a transformation, so there may be several.
    """
    parts = rest.split("/")
    match = _SIGNATURE.fullmatch(parts[0])
    signature = match[1] if match else ""
    if match:
        parts = parts[1:]
    most = next((i for i, part in enumerate(parts) if not _TRANSFORMATION.fullmatch(unquote(part))), len(parts))
    if most < len(parts) - 1 and _VERSION.fullmatch(parts[most]):
        return [DeliveryPath(signature, "/".join(parts[:most]), "/".join(parts[most + 1 :]))]
    most = min(most, len(parts) - 1)
    return [DeliveryPath(signature, "/".join(parts[:i]), "/".join(parts[i:])) for i in range(most + 1)]


def name_in(source: str, resource_type: str) -> tuple[str, str]:
    """Return the public_id and the format that ``source`` names.

    Only a raw asset's public_id holds its extension; of any other address the last suffix is the format, also where the
    public_id ends in one. Source: github.com/cloudinary/cloudinary_php/issues/311.
    """
    text = unquote(source)
    match = None if resource_type == "raw" else _EXTENSION.fullmatch(text)
    if match is None:
        return text, ""
    extension = match[2].lower()
    return match[1], "jpg" if extension == "jpeg" else extension


def delivery_url(account: Account, settings: Settings, file: NamedFile, version: int) -> str:
    """Return the URL of an original, with a signature if its delivery type needs one."""
    signature = ""
    if needs_signature(file.type, settings):
        signature = f"s--{url_signature(file.source, account.keys[account.oldest_key], settings)}--/"
    place = f"{account.cloud_name}/{file.resource_type}/{file.type}"
    return f"{account.delivery_url}/{place}/{signature}v{version}/{file.source}"


def escaped(text: str) -> str:
    """Return ``text`` escaped as the SDKs do (``smart_escape``): all but letters, digits and ``_.-/:``."""
    return quote(text, safe="/:").replace("~", "%7E")
