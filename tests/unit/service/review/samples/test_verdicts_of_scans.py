"""What counts as a verdict after a sequence of changes and answers, as a reader of the scan finds it."""

import msgspec
import pytest
from msgspec.structs import replace

from autotag.domain.learning.asset_labels import asset_labels
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.verdicts import what_people_said
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.operations.scan import Scan, scan
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import person
from tests.unit.service.review.samples.hatted import ask, hatted
from tests.unit.service.tagging.people.guitarist import ASKS, answer, do, undo

LABELS = {"Stage": 0.95, "Guitar": 0.9, "Sky": 0.85, "Dog": 0.55, "Hat": 0.2}
DENYING = '[defaults]\nthreshold = 0.7\nreview = 0.5\ndeny = ["Stage"]\n'


@pytest.fixture
def fakes() -> Fakes:
    return hatted(labels=LABELS)


def edit(fakes: Fakes, *, added: tuple[str, ...] = (), removed: tuple[str, ...] = (), at: int = 0) -> int:
    """Let a person change tags in Cloudinary; ten minutes pass. Return when it was."""
    tags = fakes.cloudinary.assets["a1"]["tags"]
    tags[:] = [*(tag for tag in tags if tag not in removed), *added]
    at = at or fakes.clock.now()
    digest = f"{added}{removed}{at}"
    handle(fakes.deps, person("a1", added=added, removed=removed, at=at, digest=digest), fakes.remaining)
    fakes.clock.advance(600)
    return at


def verdicts(fakes: Fakes, rules: str = ASKS) -> dict[str, tuple[str, bool]]:
    """Return the kind of verdict on each label, and whether it says right, under these rules."""
    page = msgspec.json.decode(scan(fakes.store, Scan()))
    (scanned,) = msgspec.convert(page["assets"], list[ScannedAsset])
    said = what_people_said(scanned, asset_labels(scanned, Ruleset(parse_rules(rules))))
    return {each.label: (each.kind, each.right) for each in said.verdicts}


LEFT = ("left", True)
REMOVED = ("edit", False)


def test_a_tag_that_was_left_and_removed_later_is_not_left_once_the_removal_is_cleared(fakes: Fakes) -> None:
    edit(fakes, removed=("Guitar",))
    edit(fakes, removed=("Stage",))
    assert verdicts(fakes) == {"guitar": REMOVED, "stage": REMOVED, "sky": LEFT}
    do(fakes, answer(fakes, clear=("Stage",)))
    assert verdicts(fakes) == {"sky": LEFT}


def test_a_tag_that_was_left_before_its_rejection_is_not_left_once_that_is_undone(fakes: Fakes) -> None:
    edit(fakes, removed=("Stage",))
    ask(fakes, "Guitar")
    rejected = do(fakes, answer(fakes, reject=("Guitar",)))
    fakes.clock.advance(60)
    assert verdicts(fakes)["guitar"] == ("sample", False)
    do(fakes, undo(fakes, rejected, "Guitar"))
    assert verdicts(fakes) == {"sky": LEFT}


def test_a_removal_that_is_told_after_a_later_edit_was_not_left_by_that_edit(fakes: Fakes) -> None:
    earlier = fakes.clock.now()
    fakes.clock.advance(900)
    edit(fakes, removed=("Stage",))
    edit(fakes, removed=("Guitar",), at=earlier)
    assert verdicts(fakes).get("guitar") != LEFT


@pytest.mark.parametrize(("verdict", "change"), [("accept", "removed"), ("reject", "added")])
def test_a_question_at_random_is_no_verdict_if_a_person_later_changes_the_tag_to_the_contrary(
    fakes: Fakes, verdict: str, change: str
) -> None:
    ask(fakes, "Hat")
    do(fakes, replace(answer(fakes), **{verdict: ("Hat",)}))
    fakes.clock.advance(60)
    assert verdicts(fakes) == {"hat": ("sample", verdict == "accept")}
    edit(fakes, **{change: ("Hat",)})  # type: ignore[arg-type]
    assert "hat" not in verdicts(fakes)


def test_a_removal_beside_one_of_a_tag_that_was_asked_about_at_random_counts_as_what_is_left_does(fakes: Fakes) -> None:
    ask(fakes, "Hat")
    do(fakes, answer(fakes, accept=("Hat",)))
    fakes.clock.advance(60)
    edit(fakes, removed=("Hat", "Stage"))
    assert verdicts(fakes) == {"stage": REMOVED, "guitar": LEFT, "sky": LEFT}


def test_a_removal_under_rules_that_denied_the_label_counts_against_no_threshold_of_later_rules() -> None:
    fakes = hatted(DENYING, LABELS, tags=("press", "Stage"))
    edit(fakes, removed=("Stage", "Guitar", "Sky"))
    assert verdicts(fakes) == {"guitar": REMOVED, "sky": REMOVED}
