"""A value as one compressed attribute, and back."""

import struct
import zlib
from typing import Any, NamedTuple

from autotag.adapters.aws.dynamodb.codec.dictionary import DICTIONARY
from autotag.adapters.aws.dynamodb.codec.reader import Reader
from autotag.adapters.aws.dynamodb.codec.words import WORDS
from autotag.adapters.aws.dynamodb.codec.writer import Writer
from autotag.domain.errors import Invalid

_KNOWN = {word: place for place, word in enumerate(WORDS)}
_RAW = -zlib.MAX_WBITS
_MEMORY = 9
_MOST = 64 * 1024 * 1024
"""Bytes of a value, at the most: an item holds 400 KiB, and torn bytes may name any number."""


class Blob(NamedTuple):
    """A value in compressed bytes, and how many bytes it has without the compression."""

    data: bytes
    size: int


def packed(value: Any) -> Blob:
    """Return a value of JSON, which may hold bytes, in as few bytes as its repetitions allow.

    ``unpacked`` returns it unchanged, but for tuples, which become lists.
    """
    writer = Writer(_KNOWN)
    writer.write(value)
    written = writer.finish()
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW, _MEMORY, zdict=DICTIONARY)
    return Blob(deflate.compress(written) + deflate.flush(), len(written))


def unpacked(data: bytes) -> Any:
    """Return the value in ``data``; raises ``Invalid`` if it is torn or was not written by ``packed``."""
    inflate = zlib.decompressobj(_RAW, zdict=DICTIONARY)
    try:
        reader = Reader(inflate.decompress(data, _MOST), WORDS)
        value = reader.read()
    except (zlib.error, ValueError, IndexError, TypeError, OverflowError, RecursionError, struct.error) as error:
        raise Invalid("stored item", f"its content cannot be read: {error}") from error
    if not (inflate.eof and reader.is_at_end()):
        raise Invalid("stored item", "its content is torn")
    return value
