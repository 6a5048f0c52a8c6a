"""Scenarios: what an invented library, its tagger and its people are like."""

from typing import NamedTuple


class Scenario(NamedTuple):
    """One scenario; the defaults are those of ``base``.

    ``family``: the truths (see ``curves``). ``looked_at``: the part of the pictures that a person looks at. Of what
    they see, they remove the part ``removal`` of the wrong tags, and add the part ``added`` of the missing ones by
    hand; ``slips`` of all that they say is the contrary. ``review``: the bar of a review queue, answered on the
    pictures that are looked at; None: no queue. ``lowest``: the lowest stored confidence. ``labels_on``: the range of
    the part of the pictures that have a label (log-uniform). ``best``: each label's bar is the one with the lowest
    cost. ``albums``: the pictures are in folders of about 20; people look at whole folders, and what they do in half of
    them is one bulk edit. ``together``: a folder shares what makes a label right (sd in log-odds). ``several_bars``:
    half of the labels have thresholds of their own, from 0.4 to 0.95, a ``[[when]]`` block sets 0.85 in a quarter of
    the folders, and half of the verdicts are from the time of earlier rules. ``pictures``: overrides the number given.
    """

    family: str = "mixed"
    looked_at: float = 0.2
    removal: float = 0.5
    added: float = 0.1
    slips: float = 0.05
    review: float | None = None
    lowest: float = 0.27
    labels_on: tuple[float, float] = (0.05, 0.5)
    best: bool = False
    albums: bool = False
    together: float = 0.0
    several_bars: bool = False
    pictures: int = 0


SCENARIOS: dict[str, Scenario] = {
    "base": Scenario(),
    "overconfident": Scenario(family="overconfident"),
    "underconfident": Scenario(family="underconfident"),
    "calibrated": Scenario(family="calibrated"),
    "best": Scenario(best=True),
    "best overconfident": Scenario(family="overconfident", best=True),
    "plateau": Scenario(family="plateau"),
    "steps": Scenario(family="step"),
    "linear": Scenario(family="linear"),
    "albums": Scenario(albums=True, together=1.5),
    "albums asked": Scenario(albums=True, together=1.5, review=0.5),
    "removal 0.1": Scenario(removal=0.1),
    "removal 0.9": Scenario(removal=0.9),
    "overconfident 0.9": Scenario(family="overconfident", removal=0.9),
    "2 % looked at": Scenario(looked_at=0.02),
    "review bar 0.50": Scenario(review=0.5),
    "overconfident asked": Scenario(family="overconfident", review=0.5),
    "complete": Scenario(review=0.27, looked_at=1.0, removal=1.0, slips=0.0),
    "noisy people": Scenario(slips=0.13),
    "few pictures": Scenario(pictures=800),
    "rare labels": Scenario(labels_on=(0.005, 0.05)),
    "several bars": Scenario(several_bars=True),
    "high confidences": Scenario(lowest=0.55),
    "unwanted": Scenario(family="unwanted"),
}
