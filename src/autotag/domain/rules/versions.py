"""The record of the active rules, and reading of a stored version."""

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules


class Published(Struct, frozen=True):
    """The ``RULES#ACTIVE`` item: the version that was pushed last, and the last one that a worker has used.

    ``seq`` counts pushes from 1 on; 0 means that no rules were pushed. ``pushed_at`` is in unix milliseconds. ``name``
    is the name in the rules, "" where an earlier release pushed them.
    """

    hash: str = ""
    seq: int = 0
    pushed_by: str = ""
    pushed_at: int = 0
    last_good_hash: str = ""
    last_good_seq: int = 0
    name: str = ""


def rulebook_of(version: str, text: str | None) -> Ruleset:
    """Compile the stored ``text`` of ``version``; raises ``Invalid`` if there is none, or if its version differs."""
    name = f"rules {version[:12]}"
    if text is None:
        raise Invalid(name, "this version is not stored")
    ruleset = Ruleset(parse_rules(text, name))
    if ruleset.version != version:
        raise Invalid(name, f"the stored text is of version {ruleset.version[:12]}")
    return ruleset
