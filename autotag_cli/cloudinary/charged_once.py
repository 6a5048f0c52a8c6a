"""Calls on one asset that may cost a unit of an add-on, made so that a lost response does not cost another unit."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from autotag.domain.errors import AutotagError
from autotag_cli.cloudinary.missing_parts import missing_parts
from autotag_cli.cloudinary.responses import PAUSES, is_lost
from autotag_cli.errors import Failure


class CallResult(NamedTuple):
    """Cloudinary's response. ``looked``: it was read from the stored asset after the response to the call was lost."""

    answer: dict[str, Any]
    read_back: bool = False


def call_once(
    call: Callable[[], dict[str, Any]],
    read_stored: Callable[[], dict[str, Any]],
    fields: Mapping[str, str],
    sleep: Callable[[float], None],
) -> CallResult:
    """Make ``call``; after a lost response, repeat it only if the asset read by ``look`` is not as ``fields`` request.

    ``call`` must not retry by itself. Raises as the two do, and ``Failure`` if a response is lost and the stored asset
    cannot be read.
    """
    lost = AutotagError("there was no try")
    for pause in PAUSES:
        try:
            return CallResult(call())
        except AutotagError as error:
            if not is_lost(error):
                raise
            lost = error
        sleep(pause)
        try:
            stored = read_stored()
        except AutotagError as error:
            problem = f"{lost}; whether that took effect cannot be read, either ({error})"
            raise Failure(
                f"{problem}: check with autotag resource before you repeat it, since each call costs"
            ) from error
        if not missing_parts(stored, fields):
            return CallResult(stored, read_back=True)
    raise lost


def print_answer(result: CallResult, requested: Mapping[str, str], *, as_json: bool) -> None:
    """Print the asset, with a note if the response itself was lost."""
    from autotag_cli.terminal.output import note, print_json

    if as_json:
        print_json(result.answer, indent=2)
    else:
        from autotag_cli.cloudinary.asset_view import print_asset

        print_asset(result.answer, requested)
    if result.read_back:
        note(
            f"No response came, but the asset has the requested labels of {requested.get('categorization', '')}, "
            "perhaps from an earlier call. The call was not repeated, since that would cost another unit."
        )
