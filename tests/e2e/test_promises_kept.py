"""Commands against the running stack keep what people did, and find what nobody categorized."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autotag.domain.runs.run import Listing
from autotag.service.runs.requests import StartRun
from local.clients.cloudinary import resource
from local.clients.cloudinary import upload as sent
from local.clients.simulator_control import tags_of
from local.clients.time_shift import hour_by_hour, strike
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, ops, settled, simulator
from tests.e2e.test_vendor import call

NAME = "e2e-kept/guitarist"


def test_a_tag_that_a_person_added_stays_when_the_changed_file_is_uploaded_again(stack: Stack, tmp_path: Path) -> None:
    picture = tmp_path / "guitarist.jpg"
    line = f"autotag upload {picture} --public-id {NAME} --categorization aws_rek_tagging"
    picture.write_bytes(b"\xff\xd8\xff\xe0one")
    call(stack, line)
    settled(stack, NAME)
    simulator(stack, "POST", "person/tags", json={"public_id": NAME, "add": ["by hand"]})
    picture.write_bytes(b"\xff\xd8\xff\xe0two")
    call(stack, line)
    found = settled(stack, NAME, count=2)

    tags = set(resource(stack.simulator_url, NAME)["tags"])
    assert "by hand" in tags and {"Guitar", "People"} <= tags
    assert len({audit["asset"]["version"] for audit in found}) == 2, "the changed file did not arrive"


@pytest.fixture
def later_hours(stack: Stack) -> Iterator[None]:
    """Hours that pass in the simulated account are over afterwards: else its signatures are from times to come."""
    yield
    strike(stack, 0)


def test_a_backfill_categorizes_an_asset_that_was_announced_without_labels(stack: Stack, later_hours: None) -> None:
    prefix = "e2e-bare/"
    name = f"{prefix}guitarist"
    sent(stack.simulator_url, name, categorization="")
    assert settled(stack, name)[0]["outcome"] == "skipped"
    listing = Listing(prefix=prefix, categorize=True)
    tried = str(ops(stack).start_run(StartRun(action="backfill", listing=listing, dry_run=True))["id"])
    counts = hour_by_hour(stack, tried, within=2 * SOON)["counts"]
    assert (counts["planned"], counts["units"]) == (1, 1) and tags_of(stack, prefix) == {name: set()}

    paid = Listing(prefix=prefix, categorize=True, max_units=5)
    run = str(ops(stack).start_run(StartRun(action="backfill", listing=paid))["id"])
    done = hour_by_hour(stack, run, within=2 * SOON)
    assert (done["status"], done["counts"]["units"]) == ("done", 1)
    assert settled(stack, name)[0]["outcome"] == "tagged" and {"Guitar", "People"} <= tags_of(stack, prefix)[name]
