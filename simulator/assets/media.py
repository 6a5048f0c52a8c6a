"""The format of an uploaded file and its size in pixels, from its first bytes, else from its name.

Any bytes are accepted as an image, so that a test needs no picture: their size is derived from the digest.
"""

import io
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath

import imagesize  # type: ignore[import-untyped]

RESOURCE_TYPES = ("image", "video", "raw")
_MAGIC_NUMBERS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"%PDF-", "pdf"),
    (b"\x1aE\xdf\xa3", "webm"),
)
_VIDEO = frozenset({"mp4", "webm", "mov", "avi", "mkv", "mp3", "wav", "ogg"})
_IMAGE = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "avif", "heic", "tiff", "tif", "svg", "ico", "pdf"})


@dataclass(frozen=True)
class Media:
    """The type, format and size of a file. ``width`` and ``height`` are in pixels, 0 for raw files."""

    resource_type: str
    format: str
    width: int
    height: int


def describe_file(data: bytes, name: str, digest: str, resource_type: str) -> Media:
    """Describe a file. ``resource_type`` is image, video, raw or auto; ``digest`` is that of its content, in hex."""
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    format_ = _format_from_bytes(data) or ("jpg" if extension == "jpeg" else extension)
    if resource_type == "auto":
        resource_type = "video" if format_ in _VIDEO else "image" if format_ in _IMAGE else "raw"
    if resource_type == "raw":
        return Media("raw", "", 0, 0)
    width, height = _pixel_size(data)
    if width <= 0 or height <= 0:
        width, height = 640 + int(digest[:3], 16) % 1280, 480 + int(digest[3:6], 16) % 960
    formats, default = (_VIDEO, "mp4") if resource_type == "video" else (_IMAGE, "jpg")
    return Media(resource_type, format_ if format_ in formats else default, width, height)


def _format_from_bytes(data: bytes) -> str:
    for start, format_ in _MAGIC_NUMBERS:
        if data.startswith(start):
            return format_
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return {b"avif": "avif", b"heic": "heic", b"qt  ": "mov"}.get(data[8:12], "mp4")
    return "svg" if b"<svg" in data[:512] else ""


def _pixel_size(data: bytes) -> tuple[int, int]:
    try:
        width, height = imagesize.get(io.BytesIO(data))
    except (ValueError, struct.error):
        return 0, 0
    return int(width), int(height)
