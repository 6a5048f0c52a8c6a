"""The format of an uploaded file and its size in pixels, from its first bytes, else from its name.

Bytes that begin like a JPEG or PNG but hold no size, or a JPEG without its end, are broken, and add-ons fail. Other
bytes are no picture; where they are accepted as one, their size is derived from the digest.
"""

import io
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath

import imagesize  # type: ignore[import-untyped]

RESOURCE_TYPES = ("image", "video", "raw")
BROKEN = "broken"
"""The content of a file that begins like a JPEG or PNG and is not whole."""
_MAGIC_NUMBERS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"%PDF-", "pdf"),
    (b"\x00\x00\x01\x00", "ico"),
    (b"8BPS", "psd"),
    (b"%!PS", "eps"),
    (b"\x00\x00\x00\x0cjP  ", "jp2"),
    (b"\x00\x00\x00\x0cJXL ", "jxl"),
    (b"\xff\x0a", "jxl"),
    (b"\x1aE\xdf\xa3", "webm"),
)
_VIDEO = frozenset({"mp4", "webm", "mov", "avi", "mkv", "mp3", "wav", "ogg"})
_IMAGE = frozenset(
    {
        "jpg",
        "jpeg",
        "png",
        "gif",
        "bmp",
        "webp",
        "avif",
        "heic",
        "tiff",
        "tif",
        "svg",
        "ico",
        "pdf",
        "psd",
        "eps",
        "jp2",
        "jxl",
    }
)


@dataclass(frozen=True)
class Media:
    """The type, format and size of a file. ``width`` and ``height`` are in pixels, 0 for raw files.

    ``content`` is the format that the first bytes show, ``broken``, or nothing where they show none.
    """

    resource_type: str
    format: str
    width: int
    height: int
    content: str = ""


def describe_file(data: bytes, name: str, digest: str, resource_type: str) -> Media:
    """Describe a file. ``resource_type`` is image, video, raw or auto; ``digest`` is that of its content, in hex."""
    extension = PurePosixPath(name).suffix.lstrip(".").lower()
    content = _format_from_bytes(data)
    format_ = content or ("jpg" if extension == "jpeg" else extension)
    if resource_type == "auto":
        resource_type = "video" if format_ in _VIDEO else "image" if format_ in _IMAGE else "raw"
    if resource_type == "raw":
        return Media("raw", "", 0, 0)
    width, height = _pixel_size(data)
    if content == "jpg" and b"\xff\xd9" not in data[-65536:]:  # its end, before what some cameras append
        content = BROKEN
    if width <= 0 or height <= 0:
        content = BROKEN if content in ("jpg", "png") else content
        width, height = 640 + int(digest[:3], 16) % 1280, 480 + int(digest[3:6], 16) % 960
    formats, default = (_VIDEO, "mp4") if resource_type == "video" else (_IMAGE, "jpg")
    return Media(resource_type, format_ if format_ in formats else default, width, height, content)


def _format_from_bytes(data: bytes) -> str:
    for start, format_ in _MAGIC_NUMBERS:
        if data.startswith(start):
            return format_
    if data[:2] == b"BM" and data[6:10] == bytes(4):  # reserved bytes: a text may begin with BM too
        return "bmp"
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
