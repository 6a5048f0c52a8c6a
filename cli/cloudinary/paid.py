"""A call on one asset that may cost a unit of an add-on: made so that a lost answer does not cost another."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from autotag.domain.errors import AutotagError
from cli.cloudinary.answers import is_lost
from cli.cloudinary.lacking import lacking
from cli.errors import Failure

_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before it is looked whether a call whose answer is lost took effect, one for each try."""


class Answered(NamedTuple):
    """Cloudinary's answer. ``looked``: it is what was stored after an answer was lost."""

    answer: dict[str, Any]
    looked: bool = False


def call_once(
    call: Callable[[], dict[str, Any]],
    look: Callable[[], dict[str, Any]],
    fields: Mapping[str, str],
    sleep: Callable[[float], None],
) -> Answered:
    """Make ``call``, and again where its answer is lost and the asset that ``look`` reads is not as ``fields`` ask.

    ``call`` must not repeat itself. Raises as the two do, and ``Failure`` where an answer is lost and what is stored
    cannot be read.
    """
    lost = AutotagError("there was no try")
    for pause in _PAUSES:
        try:
            return Answered(call())
        except AutotagError as error:
            if not is_lost(error):
                raise
            lost = error
        sleep(pause)
        try:
            stored = look()
        except AutotagError as error:
            said = f"{lost}; nor can it be read whether that took effect ({error})"
            raise Failure(f"{said}: look with autotag resource before you repeat it, since each call costs") from error
        if not lacking(stored, fields):
            return Answered(stored, looked=True)
    raise lost


def show_answer(found: Answered, asked: Mapping[str, str], auto_tagging: float | None, *, as_json: bool) -> None:
    """Print the asset, and what a person must know where the answer itself was lost."""
    from cli.output import console, note, print_json

    if as_json:
        print_json(found.answer, indent=2)
    else:
        from cli.cloudinary.shown import show_asset

        show_asset(console(), found.answer, auto_tagging)
    if found.looked:
        note(
            f"No answer came, but the asset has the labels of {asked.get('categorization', '')} that were asked for, "
            "perhaps from before: it was not asked again, which would cost another unit."
        )
