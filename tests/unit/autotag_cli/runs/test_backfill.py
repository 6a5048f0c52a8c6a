"""``autotag backfill``: what was never seen is found, counted, decided, and paid for only when somebody said so."""

import json

import pytest

from autotag.domain.errors import CredentialsRefused
from autotag.domain.model.health import HourBudget, Opened
from tests.fakes.samples import GUITARIST, resource
from tests.unit.autotag_cli.fake_library import FakeLibrary

LOST = 5


def lose(library: FakeLibrary, count: int, *, status: str = "complete") -> None:
    for n in range(count):
        body = resource(f"lost{n}", GUITARIST, status=status, public_id=f"lost/{n}", version=300)
        library.fakes.cloudinary.assets[f"lost{n}"] = body


@pytest.fixture
def library() -> FakeLibrary:
    found = FakeLibrary(4)
    lose(found, LOST)
    return found


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_was_never_seen_is_decided_and_the_run_shown(library: FakeLibrary) -> None:
    result = library.autotag("backfill")

    assert result.exit_code == 0
    assert library.library.tags()["lost0"] == {"crowd"}
    assert f"run {library.run.id} action backfill status done" in flat(result.stdout)
    assert "looked at 9 assets new 5 done 5 used 6 reads from the Admin API" in flat(result.stdout)


def test_a_dry_run_counts_and_changes_nothing(library: FakeLibrary) -> None:
    before = library.library.tags()
    result = library.autotag("backfill", "--dry-run", "--json")

    printed = json.loads(result.stdout)
    assert result.exit_code == 0 and printed["dry_run"] is True
    assert (printed["counts"]["seen"], printed["counts"]["planned"], printed["counts"]["done"]) == (9, 5, 0)
    assert library.library.tags() == before and not library.fakes.cloudinary.reads


def test_what_is_listed_can_be_narrowed(library: FakeLibrary) -> None:
    library.autotag("backfill", "--prefix", "lost/", "--resource-type", "video", "--type", "private", "--detach")

    (call,) = [request for _, _, request in library.ops.received]
    assert call["listing"] == {"resource_type": "video", "type": "private", "prefix": "lost/"}
    assert library.autotag("backfill", "--resource-type", "raw").exit_code == 2


def test_a_budget_that_is_used_is_waited_for_and_said_once(library: FakeLibrary) -> None:
    library.fakes.limits.left = 3
    library.ops.probes.used = HourBudget(300, closed=False)
    library.at_sleep = [lambda: None] * 1900 + [lambda: setattr(library.fakes.limits, "left", 100)]
    library.patience = 4000
    result = library.autotag("backfill")

    assert result.exit_code == 0 and library.run.counts.done == LOST
    assert result.stderr.count("waits: 300 calls of the Admin API's budget are used in this hour") == 1


def test_refused_credentials_are_named_as_what_is_waited_for(library: FakeLibrary) -> None:
    library.fakes.cloudinary.fails = [CredentialsRefused("401")]
    library.ops.probes.open = Opened(library.fakes.clock.time + 300_000, "Cloudinary answered 401")
    result = library.autotag("backfill")

    assert result.exit_code == 0
    assert "waits: Cloudinary is not called before " in result.stderr and "(Cloudinary answered 401)" in result.stderr


def test_categorizing_costs_and_is_never_done_unasked(library: FakeLibrary) -> None:
    result = library.autotag("backfill", "--categorize", "--max-units", "2000", stdin="y\n")

    assert (result.exit_code, library.received) == (2, [])
    assert "uses up to 2,000 units of the add-on, one for each asset without labels. Units cost money" in result.stderr


def test_units_that_are_used_up_pause_it(library: FakeLibrary) -> None:
    lose(library, LOST, status="none")
    library.fakes.cloudinary.knows = {"Guitar": 0.9}
    result = library.autotag("backfill", "--categorize", "--max-units", "2", "--yes")

    assert result.exit_code == 1 and len(library.fakes.cloudinary.categorized) == 2
    assert "status paused, all of its 2 units are used" in flat(result.stdout)
    assert "2 of at most 2 units of the add-on" in flat(result.stdout)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--categorize"], "must be given together: units cost money"),
        (["--max-units", "5"], "must be given together: units cost money"),
        (["--max-units", "5", "--dry-run"], "must be given together: units cost money"),
        (["--categorize", "--max-units", "0"], "expected a whole number of at least 1"),
        (["--detect"], "must be given together: units cost money"),
        (["--detect", "--categorize", "--max-units", "5"], "is for images, and without --categorize"),
    ],
)
def test_what_cannot_be_meant_is_told(arguments: list[str], sentence: str, library: FakeLibrary) -> None:
    result = library.autotag("backfill", *arguments, "--yes")

    assert (result.exit_code, library.received) == (2, [])
    assert sentence in flat(result.stderr.replace("│", " "))


@pytest.mark.parametrize(("limit", "more"), [((), ""), (("--max-units", "3"), ", of which 3 are allowed")])
def test_a_dry_run_says_how_many_units_categorizing_would_use_and_asks_nothing(
    limit: tuple[str, ...], more: str, library: FakeLibrary
) -> None:
    lose(library, LOST, status="none")
    result = library.autotag("backfill", "--categorize", "--dry-run", *limit)

    assert result.exit_code == 0
    assert library.fakes.cloudinary.categorized == []
    assert f"new or without labels {LOST} used" in flat(result.stdout)
    assert f"; categorizing would use {LOST} units of the add-on{more}" in flat(result.stdout)
    as_json = json.loads(library.autotag("backfill", "--categorize", "--dry-run", "--json").stdout)
    assert (as_json["counts"]["units"], as_json["dry_run"]) == (LOST, True)


def test_asking_rekognition_where_it_is_off_pauses_and_counts_its_calls(library: FakeLibrary) -> None:
    library.fakes.rules.use("[defaults]\nproviders = ['rekognition']\n", 2)
    result = library.autotag("backfill", "--detect", "--max-units", "5", "--yes")

    assert result.exit_code == 1
    assert "status paused, Rekognition is off in this stack, or DetectPerDay is 0: " in flat(result.stdout)
    assert "new or without labels 0" in flat(result.stdout)
    assert "0 of at most 5 calls of Rekognition" in flat(result.stdout)
    dry = library.autotag("backfill", "--detect", "--dry-run")
    assert "; asking would use 0 calls of Rekognition" in flat(dry.stdout)
