"""The checkpoint of a comparison over a whole stack, in a file, so that an interrupted one resumes where it stopped.

Counts and cursors are written together and atomically, so that each asset is counted exactly once.
"""

from pathlib import Path

import msgspec
from msgspec import Struct, field

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.input.files import MAX_LIST_SIZE, check_replaceable, place_beside, replace_contents
from autotag_cli.stack.scan.pages import SEGMENTS
from autotag_cli.stack.scan.segments import initial_cursors


class Comparison(Struct, frozen=True):
    """What is compared: the versions of both sets of rules, the stack, and the number of examples."""

    old: str
    new: str
    stack: str
    examples: int


class Checkpoint(Struct):
    """The state of a comparison. ``cursors``: of the segments that are not finished."""

    comparison: Comparison
    changes: TagChangeCounts = field(name="counts")
    cursors: dict[int, str]
    segments: int = SEGMENTS


def load_checkpoint(path: str | None, comparison: Comparison) -> Checkpoint:
    """Return the checkpoint in ``path`` if that file exists, else a new one.

    Raises ``Invalid`` if the file is no checkpoint, is of another comparison, or cannot be written.
    """
    new = Checkpoint(comparison, TagChangeCounts(comparison.examples), initial_cursors(SEGMENTS))
    if path is None:
        return new
    check_replaceable(path)
    try:
        with Path(path).open("rb") as stream:
            stored: Checkpoint = decode_json(stream.read(MAX_LIST_SIZE), Checkpoint)
    except FileNotFoundError:
        save_checkpoint(path, new)  # fails now, not after the first page, if it cannot be written
        return new
    except OSError as error:
        raise Invalid(path, f"cannot be read ({error.strerror})") from error
    except msgspec.DecodeError as error:
        raise Invalid(path, f"is not a resume file of rules diff ({error})") from error
    other = [
        field.replace("stack", "the stack")
        for field in Comparison.__struct_fields__
        if getattr(stored.comparison, field) != getattr(comparison, field)
    ]
    if other:
        raise Invalid(path, f"is of another comparison, {' and '.join(other)} differ: remove it to start over")
    return stored


def save_checkpoint(path: str | None, checkpoint: Checkpoint) -> None:
    """Write the checkpoint atomically. Raises ``Invalid`` that names the file if that fails."""
    if path is None:
        return
    target = Path(path)
    try:
        replace_contents(target, msgspec.json.encode(checkpoint), place_beside(target))
    except OSError as error:
        raise Invalid(path, f"cannot be written ({error.strerror})") from error


def remove_checkpoint(path: str | None) -> None:
    """Remove the file of a finished comparison, so that the next one starts from the beginning."""
    if path is not None:
        Path(path).unlink(missing_ok=True)
