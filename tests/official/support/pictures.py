"""The pictures and documents that the tests of the official clients upload. They are made for each run."""

import io
import struct
import zipfile
import zlib


def png(width: int, height: int, seed: int = 0) -> bytes:
    """Return a PNG picture of one gray for each line; pictures of different ``seed`` (0 to 255) differ."""
    lines = b"".join(bytes([0, *([(seed + line) % 256] * width)]) for line in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def ico(width: int, height: int) -> bytes:
    """Return an icon that holds one PNG picture."""
    picture = png(width, height)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, width, height, 0, 0, 1, 32, len(picture), 22) + picture


def jpeg(width: int, height: int, seed: int = 0) -> bytes:
    """Return the beginning of a JPEG picture, which states its size; ``seed`` (0 to 255) is in a comment."""
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    return b"\xff\xd8" + _segment(0xFE, bytes([seed])) + _segment(0xC0, frame) + b"\xff\xd9"


def docx(text: str) -> bytes:
    """Return a Word document with one paragraph."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        body = f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>"
        package.writestr("word/document.xml", f'<w:document xmlns:w="{word}">{body}</w:document>')
    return file.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
