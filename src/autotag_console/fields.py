"""The fields of addresses and forms, read as values."""

import re
from collections.abc import Mapping

import msgspec
from starlette.requests import Request

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.model.strict_json import decode

_PLACED = re.compile(r"(?P<what>.*) - at `\$\.?(?P<field>[^`]*)`")


def read_fields[T](fields: Mapping[str, object], form: type[T], where: str = "address", *, strict: bool = True) -> T:
    """Return fields as ``form``; numbers may be texts unless ``strict``.

    Raises ``Invalid``, which names ``where`` and the field.
    """
    try:
        return convert(dict(fields), form, strict=strict)
    except msgspec.ValidationError as error:
        placed = _PLACED.fullmatch(str(error))
        if placed is None:
            raise Invalid(where, str(error)) from error
        raise Invalid(f"{where}, {placed['field']}", placed["what"]) from error


async def read_json[T](request: Request, form: type[T]) -> T:
    """Return the body of a script's request as ``form``. Raises ``Invalid``."""
    try:
        return decode(await request.body(), form)
    except msgspec.DecodeError as error:
        raise Invalid("body", str(error)) from error
