"""Conversion of data into typed values by msgspec, which may be called from several threads at once.

msgspec examines a type when it is first used, and keeps what it found at the class before that is complete, so that a
type may contain itself. A thread that uses the type meanwhile crashes the process (seen with msgspec 0.22.0, and shown
by ``test_conversion``). So types are examined here, by one thread at a time, before they are used.
"""

from collections.abc import Callable
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any, overload

import msgspec

if TYPE_CHECKING:
    from msgspec import inspect

type Hook = Callable[[type, Any], Any] | None

_BY_ONE_THREAD = RLock()


@overload
def decoder[T](type_: type[T], dec_hook: Hook = None) -> msgspec.json.Decoder[T]: ...
@overload
def decoder(type_: Any, dec_hook: Hook = None) -> msgspec.json.Decoder[Any]: ...
def decoder(type_: Any, dec_hook: Hook = None) -> msgspec.json.Decoder[Any]:
    """Return the decoder of JSON as ``type_``, the same one each time; ``dec_hook`` as of msgspec."""
    return _examined(type_, dec_hook)


def convert[T](value: object, type_: type[T], *, strict: bool = True) -> T:
    """Return plain data as ``type_``; texts may be numbers unless ``strict``. Raises ``msgspec.ValidationError``."""
    decoder(type_)
    return msgspec.convert(value, type_, strict=strict)


def type_info(type_: Any) -> "inspect.Type":
    """Return what msgspec says of a type."""
    from msgspec import inspect  # functions that need it no sooner must not wait for it

    decoder(type_)
    return inspect.type_info(type_)


@cache
def _examined(type_: Any, dec_hook: Hook) -> msgspec.json.Decoder[Any]:
    with _BY_ONE_THREAD:
        return msgspec.json.Decoder(type_, dec_hook=dec_hook)
