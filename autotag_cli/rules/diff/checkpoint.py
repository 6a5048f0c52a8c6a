"""How far a comparison over a whole stack has come, in a file, so that an interrupted one goes on where it was.

Counts and cursors are written together and in one step: an asset is never counted twice, nor left out.
"""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.strict_json import decode as decode_json
from autotag_cli.input.files import LONGEST_LIST, check_replaceable
from autotag_cli.stack.scan_pages import SEGMENTS
from autotag_cli.terminal.tally import Tally


class Comparison(Struct, frozen=True):
    """What is compared: the versions of both rules, over which stack, with how many examples."""

    old: str
    new: str
    stack: str
    examples: int


class Checkpoint(Struct):
    """``cursors`` are those of the segments that are not through yet."""

    comparison: Comparison
    tally: Tally
    cursors: dict[int, str]
    segments: int = SEGMENTS


def begin(path: str | None, comparison: Comparison) -> Checkpoint:
    """Return the checkpoint in ``path`` if that file is there, else a fresh one.

    Raises ``Invalid`` where the file is none, or one of another comparison.
    """
    fresh = Checkpoint(comparison, Tally(comparison.examples), dict.fromkeys(range(SEGMENTS), ""))
    if path is None:
        return fresh
    check_replaceable(path)
    try:
        with Path(path).open("rb") as stream:
            found: Checkpoint = decode_json(stream.read(LONGEST_LIST), Checkpoint)
    except FileNotFoundError:
        save(path, fresh)  # learn that it cannot be written now rather than after the first page
        return fresh
    except OSError as error:
        raise Invalid(path, f"cannot be read ({error.strerror})") from error
    except msgspec.DecodeError as error:
        raise Invalid(path, f"is no resume file of rules diff ({error})") from error
    other = [
        field.replace("stack", "the stack")
        for field in Comparison.__struct_fields__
        if getattr(found.comparison, field) != getattr(comparison, field)
    ]
    if other:
        raise Invalid(path, f"is of another comparison, {' and '.join(other)} differ: remove it to begin anew")
    return found


def save(path: str | None, checkpoint: Checkpoint) -> None:
    """Write the checkpoint in one step; raises ``Invalid`` naming the file where that fails."""
    if path is None:
        return
    target = Path(path)
    beside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(msgspec.json.encode(checkpoint))
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Invalid(path, f"cannot be written ({error.strerror})") from error


def finish(path: str | None) -> None:
    """Remove the file of a comparison that is through, so that the next one begins anew."""
    if path is not None:
        Path(path).unlink(missing_ok=True)
