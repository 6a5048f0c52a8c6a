"""Pictures that are derived from an original: a JPEG of one color whose comment says of which file it is."""

import re
from typing import NamedTuple

from simulator.files.generated_picture import generated_picture

_COMMENT = re.compile(rb"\xff\xfe..asset ([0-9a-f]{32}) version ([0-9]{1,15})", re.DOTALL)
_LIMIT = re.compile(r"(?:^|[,/])([wh])_([0-9]{1,5})(?=[,/]|$)")


class Original(NamedTuple):
    """The file of which a picture was derived: an asset in one version."""

    asset_id: str
    version: int


def derived_jpeg(original: Original, digest: str, width: int, height: int, transformation: str) -> bytes:
    """Return the JPEG of a file with a SHA-256 ``digest`` (hex); files of two assets never give the same bytes.

    ``c_limit`` in ``transformation`` is carried out: the picture keeps its proportions within ``w_`` and ``h_``.
    """
    sides = {"w": width, "h": height}
    limits = {side: int(pixels) for side, pixels in _LIMIT.findall(transformation)}
    scale = min([1.0, *(limit / sides[side] for side, limit in limits.items())]) if "c_limit" in transformation else 1.0
    comment = f"asset {original.asset_id} version {original.version}".encode()
    return generated_picture(digest, "jpg", max(1, round(width * scale)), max(1, round(height * scale)), comment)


def original_of(data: bytes) -> Original | None:
    """Return the file of which ``data`` was derived, None for all other bytes."""
    found = _COMMENT.search(data[:1024])
    return Original(found[1].decode(), int(found[2])) if found else None
