"""Strict decoding of JSON from outside, with one kind of error for every invalid text.

msgspec is strict: no NaN, no lone surrogate, no number that overflows. But it reports bad UTF-8 and deep nesting with
other kinds of errors, which a caller that expects ``DecodeError`` would miss.
"""

from collections.abc import Buffer
from typing import Any, overload

import msgspec

from autotag.domain.model.conversion import decoder


@overload
def decode[T](text: Buffer | str, type_: type[T]) -> T: ...
@overload
def decode(text: Buffer | str, type_: Any = Any) -> Any: ...
def decode(text: Buffer | str, type_: Any = Any) -> Any:
    """Decode ``text`` as ``type_``; raises ``msgspec.DecodeError`` or its subclass ``ValidationError``."""
    return decode_by(decoder(type_), text)


def decode_by[T](decoder: msgspec.json.Decoder[T], text: Buffer | str) -> T:
    """Decode ``text`` with an existing decoder; raises the same errors as ``decode``."""
    try:
        return decoder.decode(text)
    except RecursionError as error:
        raise msgspec.DecodeError("JSON is nested too deeply") from error
    except UnicodeError as error:
        raise msgspec.DecodeError("JSON is not UTF-8") from error
