"""Small valid pictures of one color, for assets whose file was never sent: seeded ones, and uploads by URL.

Sources of the formats: ITU T.81 (JPEG), W3C PNG, RFC 9649 (WebP lossless).
"""

import struct
import zlib
from functools import lru_cache

GENERATED_FORMATS = ("jpg", "png", "webp")
"""The formats that can be generated; an asset of another format gets a PNG."""


@lru_cache(maxsize=10_000)
def generated_picture(digest: str, format_: str, width: int, height: int, comment: bytes = b"") -> bytes:
    """Return a picture whose color depends on ``digest`` (hex); ``width`` and ``height`` are in pixels, 1 to 16,383.

    A JPEG may hold a ``comment``. The same arguments always give the same bytes.
    """
    red, green, blue = bytes.fromhex(digest[:6])
    if format_ == "jpg":
        return _jpeg(width, height, _luminance_and_chroma(red, green, blue), comment)
    if format_ == "webp":
        return _webp(width, height, red, green, blue)
    return _png(width, height, bytes((red, green, blue)))


def _png(width: int, height: int, color: bytes) -> bytes:
    """Return a PNG with a palette of one color, at one bit a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 3, 0, 0, 0)
    rows = bytes(1 + (width + 7) // 8) * height
    parts = chunk(b"IHDR", header), chunk(b"PLTE", color), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _jpeg(width: int, height: int, components: tuple[int, int, int], comment: bytes) -> bytes:
    """Return a baseline JPEG in which only the first block of each component (Y, Cb, Cr: 0 to 255) holds a value.

    With a quantization step of 8, the DC value of a block of one color is that color's distance from 128. Each other
    block repeats it, which is a difference of 0.
    """

    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data

    frame = struct.pack(">BHHB", 8, height, width, 3) + b"".join(bytes((number, 0x11, 0)) for number in (1, 2, 3))
    dc_lengths = bytes((1, 0, 0, 0, 8, *[0] * 11))  # the code 0 for no difference, 10000 to 10111 for 1 to 8 bits
    ac_lengths = bytes((1, *[0] * 15))  # the code 0 for the end of the block
    scan = b"\x03" + b"".join(bytes((number, 0)) for number in (1, 2, 3)) + bytes((0, 63, 0))
    first = "".join(_dc_difference(value - 128) + "0" for value in components)
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    bits = first + "00" * 3 * (blocks - 1)
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8)
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x01\x00" + struct.pack(">HHBB", 1, 1, 0, 0))
        + (segment(0xFE, comment) if comment else b"")
        + segment(0xDB, b"\x00" + bytes((8,)) * 64)
        + segment(0xC0, frame)
        + segment(0xC4, b"\x00" + dc_lengths + bytes(range(9)))
        + segment(0xC4, b"\x10" + ac_lengths + b"\x00")
        + segment(0xDA, scan)
        + data.replace(b"\xff", b"\xff\x00")
        + b"\xff\xd9"
    )


def _dc_difference(difference: int) -> str:
    """Return the bits of a first DC value, -128 to 127: the code of its length, then its magnitude."""
    length = abs(difference).bit_length()
    if length == 0:
        return "0"
    magnitude = difference if difference > 0 else difference + (1 << length) - 1
    return f"1{length - 1:04b}{magnitude:0{length}b}"


def _luminance_and_chroma(red: int, green: int, blue: int) -> tuple[int, int, int]:
    """Return Y, Cb and Cr, 0 to 255, as JFIF defines them."""
    luminance = 0.299 * red + 0.587 * green + 0.114 * blue
    values = luminance, 128 + 0.564 * (blue - luminance), 128 + 0.713 * (red - luminance)
    return tuple(min(255, max(0, round(value))) for value in values)  # type: ignore[return-value]


def _webp(width: int, height: int, red: int, green: int, blue: int) -> bytes:
    """Return a lossless WebP in which each channel has a code of one symbol, so that a pixel takes no bits."""
    bits = f"{width - 1:014b}"[::-1] + f"{height - 1:014b}"[::-1] + "0" + "000"  # no alpha, version 0
    bits += "0" + "0" + "0"  # no transform, no color cache, one set of codes
    for symbol in (green, red, blue, 255, 0):  # and alpha and distance: a simple code with one symbol of 8 bits
        bits += "1" + "0" + "1" + f"{symbol:08b}"[::-1]
    bits += "0" * (-len(bits) % 8)
    data = b"\x2f" + int(bits[::-1], 2).to_bytes(len(bits) // 8, "little")
    data += b"\x00" * (len(data) % 2)
    chunk = b"VP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk
