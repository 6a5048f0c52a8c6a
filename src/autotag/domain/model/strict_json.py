"""JSON from outside, decoded the same way everywhere: the value, or one kind of error whatever the text holds.

msgspec is strict: no NaN, no lone surrogate, no number that overflows. But it tells of bad UTF-8 and of deep nesting by
errors of other kinds, which pass by a caller that expects ``DecodeError``.
"""

from collections.abc import Buffer
from typing import Any, overload

import msgspec


@overload
def decode[T](text: Buffer | str, type_: type[T]) -> T: ...
@overload
def decode(text: Buffer | str, type_: Any = Any) -> Any: ...
def decode(text: Buffer | str, type_: Any = Any) -> Any:
    """Return what ``text`` says as ``type_``; raises ``msgspec.DecodeError``, or its ``ValidationError``."""
    return decode_by(msgspec.json.Decoder(type_), text)


def decode_by[T](decoder: msgspec.json.Decoder[T], text: Buffer | str) -> T:
    """Return what ``text`` says, by a decoder that is kept; raises as ``decode`` does."""
    try:
        return decoder.decode(text)
    except RecursionError as error:
        raise msgspec.DecodeError("JSON is nested too deeply") from error
    except UnicodeError as error:
        raise msgspec.DecodeError("JSON is not UTF-8") from error
