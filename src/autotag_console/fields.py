"""The fields of addresses and forms, read as values."""

import re
from collections.abc import Mapping

import msgspec

from autotag.domain.errors import Invalid

_PLACED = re.compile(r"(?P<what>.*) - at `\$\.?(?P<field>[^`]*)`")


def read_fields[T](fields: Mapping[str, object], form: type[T], where: str = "address", *, strict: bool = True) -> T:
    """Return fields as ``form``; numbers may be texts unless ``strict``.

    Raises ``Invalid``, which names ``where`` and the field.
    """
    try:
        return msgspec.convert(dict(fields), form, strict=strict)
    except msgspec.ValidationError as error:
        placed = _PLACED.fullmatch(str(error))
        if placed is None:
            raise Invalid(where, str(error)) from error
        raise Invalid(f"{where}, {placed['field']}", placed["what"]) from error
