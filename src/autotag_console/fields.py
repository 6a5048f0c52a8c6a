"""The fields of addresses and forms, read as values."""

from collections.abc import Mapping

import msgspec

from autotag.domain.errors import Invalid


def read_fields[T](fields: Mapping[str, object], form: type[T], where: str = "address", *, strict: bool = True) -> T:
    """Return fields as ``form``; numbers may be texts unless ``strict``. Raises ``Invalid``, which names ``where``."""
    try:
        return msgspec.convert(dict(fields), form, strict=strict)
    except msgspec.ValidationError as error:
        raise Invalid(where, str(error)) from error
