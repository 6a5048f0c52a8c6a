"""A tag that a person removed stays away under any prefix, whenever the removal arrives."""

import pytest

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again

PREFIX = '[defaults]\nthreshold = 0.7\nprefix = "{}"\n'
IN_A_FOLDER = '[defaults]\nthreshold = 0.7\n[[when]]\nfolder = "stage/**"\nset = {{ prefix = "{}" }}\n'


@pytest.mark.parametrize("rules", [PREFIX, IN_A_FOLDER])
@pytest.mark.parametrize("when", ["before the upload", "while the labels are pending"])
def test_a_tag_that_was_removed_before_its_label_was_known_stays_away_under_another_prefix(
    rules: str, when: str
) -> None:
    fakes = Fakes(rules.format("ai-"))
    removal = person(removed=("AI-Guitar",), at=START + 9)
    if when == "before the upload":
        handle(fakes.deps, removal, fakes.remaining)
    handle(fakes.deps, upload(resource("a1", status="pending")), fakes.remaining)
    handle(fakes.deps, removal, fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", GUITARIST), START + 20, "d2"), fakes.remaining)
    come_to_rest(fakes)
    assert fakes.cloudinary.tags("a1") == {"ai-People"}
    decide_again(fakes, rules.format("ml-"), 1)

    assert fakes.cloudinary.tags("a1") == {"ml-People"}
