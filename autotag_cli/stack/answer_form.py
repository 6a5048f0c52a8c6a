"""The form of the ops function's answers, which another version of the service may change."""

import msgspec

from autotag.domain.model.conversion import convert
from autotag_cli.errors import Failure

JSON_HINT = ", --json prints it"


def as_type[T](answer: object, type_: type[T], hint: str = "") -> T:
    """Return ``answer`` as ``type_``, without unknown fields. Raises ``Failure`` with ``hint`` if its form differs."""
    try:
        return convert(answer, type_)
    except msgspec.ValidationError as error:
        raise unknown_form(error, hint) from error


def unknown_form(error: msgspec.DecodeError, hint: str = "") -> Failure:
    """Return the error of an answer that does not have the expected form."""
    return Failure(f"this version of autotag does not know the answer's form ({error}){hint}")
