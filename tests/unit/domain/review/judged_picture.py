"""A picture of a dog that was decided on, and what a person then did to its tags."""

from typing import Any

from autotag.domain.model.messages import TagsEdited
from autotag.domain.review.bars import held_at, with_bars
from autotag.domain.review.left import with_left
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.state.asset_state import AssetState, Write
from autotag.domain.state.tag_ownership import apply_person_edit
from tests.unit.domain.decisions.decision_helpers import book
from tests.unit.domain.state.state_builders import MINUTE, T0, complete, person, state

RULES = """
[defaults]
threshold = 0.7
review = 0.5
deny = ["Person"]
[labels.Puppy]
tag = "dog"
threshold = 0.8
[labels.Wolf]
threshold = 0.4
[[when]]
folder = "zoo/**"
set = { threshold = 0.9 }
"""
LABELS = {"Dog": 0.95, "Grass": 0.9, "Puppy": 0.85, "Wolf": 0.6, "Cat": 0.55, "Person": 0.99}
MANAGED = {"Dog": ("dog", "puppy"), "Grass": ("grass",), "Wolf": ("wolf",)}
WRITTEN = T0 - MINUTE
"""When the tags were written (ms)."""
VERSION = book(RULES).version


def picture(**fields: Any) -> AssetState:
    """Return the state of the picture, tagged at ``WRITTEN``."""
    known: dict[str, Any] = {
        "status": "tagged",
        "managed_tags": MANAGED,
        "writes": {tag: Write("add", WRITTEN, 100) for tag in MANAGED},
        "rules_version": VERSION,
        "final_at": WRITTEN,
        "review": ("Cat",),
    }
    return state(complete(LABELS), **{**known, **fields})


def edited(known: AssetState, change: TagsEdited, ruleset: Ruleset | None = None) -> AssetState:
    """Return ``known`` after a person's change, judged under the rules of its decision."""
    after = apply_person_edit(known, change)
    held = held_at(known, change.observed_at, ruleset or book(RULES))
    return with_left(known, with_bars(known, after, change.observed_at, held), change, held)


def removed(*tags: str, at: int = T0) -> TagsEdited:
    """Return that a person removed ``tags``."""
    return person(removed=tags, at=at)


def added(*tags: str, at: int = T0) -> TagsEdited:
    """Return that a person added ``tags``."""
    return person(added=tags, at=at)
