"""The text of an option as it was typed."""

from collections.abc import Iterable

from autotag.domain.errors import Invalid


def check_utf8(option: str, *values: str | None) -> None:
    """Raise ``Invalid`` where an option is not UTF-8."""
    for value in values:
        try:
            (value or "").encode()
        except UnicodeEncodeError as error:
            raise Invalid(option, f"expected UTF-8, not {value!a}") from error


def listed_names(texts: Iterable[str]) -> list[str]:
    """Return the items of comma-separated lists, each once."""
    return list(dict.fromkeys(tag for text in texts for part in text.split(",") if (tag := part.strip())))
