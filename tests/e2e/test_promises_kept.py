"""Commands on the running stack keep what people did, and find assets that were never categorized."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autotag.domain.runs.run import BackfillSource
from autotag.service.runs.requests import StartRun
from local.clients.cloudinary import image_details, upload
from local.clients.simulator_control import tags_of
from local.clients.time_shift import finish_hour_by_hour, start_hour
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, ops, simulator_control, wait_for_audits
from tests.e2e.test_vendor import run_documented_line
from tests.official.support.pictures import png

NAME = "e2e-kept/guitarist"


def test_a_tag_that_a_person_added_stays_when_the_changed_file_is_uploaded_again(stack: Stack, tmp_path: Path) -> None:
    picture = tmp_path / "guitarist.jpg"
    line = f"autotag upload {picture} --public-id {NAME} --categorization aws_rek_tagging"
    picture.write_bytes(png(4, 3, seed=1))
    run_documented_line(stack, line)
    wait_for_audits(stack, NAME)
    simulator_control(stack, "POST", "person/tags", json={"public_id": NAME, "add": ["by hand"]})
    picture.write_bytes(png(4, 3, seed=2))
    run_documented_line(stack, line)
    found = wait_for_audits(stack, NAME, count=2)

    tags = set(image_details(stack.simulator_url, NAME)["tags"])
    assert "by hand" in tags and {"Guitar", "People"} <= tags
    assert len({audit["asset"]["version"] for audit in found}) == 2, "the changed file did not arrive"


@pytest.fixture
def later_hours(stack: Stack) -> Iterator[None]:
    """Reset the simulated clock afterwards: else its signatures are from the future."""
    yield
    start_hour(stack, 0)


def test_a_backfill_categorizes_an_asset_that_was_announced_without_labels(stack: Stack, later_hours: None) -> None:
    prefix = "e2e-bare/"
    name = f"{prefix}guitarist"
    upload(stack.simulator_url, name, categorization="")
    assert wait_for_audits(stack, name)[0]["outcome"] == "skipped"
    listing = BackfillSource(prefix=prefix, categorize=True)
    tried = str(ops(stack).start_run(StartRun(action="backfill", listing=listing, dry_run=True))["id"])
    counts = finish_hour_by_hour(stack, tried, within=2 * SOON)["counts"]
    assert (counts["planned"], counts["units"]) == (1, 1) and tags_of(stack, prefix) == {name: set()}

    paid = BackfillSource(prefix=prefix, categorize=True, max_units=5)
    run = str(ops(stack).start_run(StartRun(action="backfill", listing=paid))["id"])
    done = finish_hour_by_hour(stack, run, within=2 * SOON)
    assert (done["status"], done["counts"]["units"]) == ("done", 1)
    assert (
        wait_for_audits(stack, name)[0]["outcome"] == "tagged" and {"Guitar", "People"} <= tags_of(stack, prefix)[name]
    )
