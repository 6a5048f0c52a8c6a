"""The record of the active rules, and reading of a stored version."""

from msgspec import Struct

from autotag.domain.errors import Invalid
from autotag.domain.rules.checks.categories import NO_SETS, CategorySets
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


class StoredVersion(Struct, frozen=True):
    """A version as it is stored: its text, and the labels of the categories that it names when it was pushed."""

    text: str
    sets: CategorySets = NO_SETS


def ruleset_of(version: str, stored: StoredVersion | None) -> Ruleset:
    """Compile what is ``stored`` of ``version``; raises ``Invalid`` if nothing is, or if its version differs."""
    if stored is None:
        raise Invalid(f"rules {version[:12]}", "this version is not stored")
    return rulebook_of(version, stored.text, stored.sets)


def rulebook_of(version: str, text: str, sets: CategorySets = NO_SETS) -> Ruleset:
    """Compile the ``text`` of ``version`` with its ``sets``; raises ``Invalid`` if its version differs."""
    name = f"rules {version[:12]}"
    ruleset = Ruleset(parse_rules(text, name), sets)
    if ruleset.version != version:
        raise Invalid(name, f"the stored text is of version {ruleset.version[:12]}")
    return ruleset
