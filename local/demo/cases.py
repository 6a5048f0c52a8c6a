"""What the demonstration uploads, and the expected results with the rules that it pushes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class Case:
    """One asset. ``mode`` and ``options`` set how it is categorized (see the simulator's modes)."""

    public_id: str
    story: str
    outcome: str
    triggers: frozenset[str]
    """What may have caused the decision: the first of these to come."""
    tags: frozenset[str] = frozenset()
    below_threshold: frozenset[str] = frozenset()
    reason: str = ""
    """A text that the audit's reason must contain."""
    mode: str = "complete"
    options: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """What a demonstration uploads, with ``categorization`` by an add-on, and on which stack."""

    rules: Path
    """The rules that it pushes to replace the deployed ones."""
    cases: tuple[Case, ...]
    parameters: dict[str, str] = field(default_factory=dict)
    """Template parameters of its stack."""
    categorization: str = "aws_rek_tagging"


_WEBHOOK: Final = frozenset({"webhook"})
_POLL: Final = frozenset({"poll"})

_CASES: Final = (
    Case(
        "guitarist",
        "labels come with the upload",
        outcome="tagged",
        triggers=_WEBHOOK,
        tags=frozenset({"People", "Person", "Human", "Electric Guitar", "Guitar", "Musical Instrument"}),
        below_threshold=frozenset({"Musician", "Performer"}),
    ),
    Case(
        "zoo/koala5",
        "pending at first, labels come with a later notification; in zoo/ the threshold is 0.90",
        mode="info",
        options={"seconds": 3},
        outcome="tagged",
        triggers=_WEBHOOK | _POLL,  # on a slow machine the poller may be first
        tags=frozenset({"Animal", "Koala", "Mammal"}),
        below_threshold=frozenset({"Wildlife", "Zoo"}),
    ),
    Case(
        "homes/kitchen",
        "pending, and no notification ever comes: the poller finds the labels",
        mode="poll",
        options={"seconds": 2},
        outcome="tagged",
        triggers=_POLL,
        tags=frozenset(
            {
                "Indoors", "Kitchen", "Room", "Furniture", "Interior Design", "Appliance", "Cabinet",
                "Closet", "Cupboard", "Sink", "Kitchen Island", "Oven",
            }
        ),
    ),
    Case(
        "press/blurred",
        "categorization fails",
        mode="failed",
        options={"message": "Failed to process request"},
        outcome="failed",
        triggers=_WEBHOOK,
        reason="Failed to process request",
    ),
)  # fmt: skip

ADD_ON: Final = Scenario(Path(__file__).parents[1] / "demo.toml", _CASES)
"""Labels of Cloudinary's add-on."""

FORGED: Final = "press/forged"
"""The asset that a notification with a wrong signature names."""
