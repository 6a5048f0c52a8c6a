"""The text of an option as it was typed."""

from autotag.domain.errors import Invalid


def check_utf8(option: str, *values: str | None) -> None:
    """Raise ``Invalid`` where an option is not UTF-8."""
    for value in values:
        try:
            (value or "").encode()
        except UnicodeEncodeError as error:
            raise Invalid(option, f"expected UTF-8, not {value!a}") from error
