"""``autotag revert``: our tags alone, chosen by what put them there, and back again."""

from typing import Any

import pytest

from autotag.service.worker import handle
from tests.fakes.samples import person
from tests.unit.autotag_cli.fake_library import FakeLibrary
from tests.unit.autotag_cli.run_command import objects


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


def retag(library: FakeLibrary) -> str:
    """Retag everything; return the run's id."""
    assert library.autotag("retag", "--yes").exit_code == 0
    return library.run.id


def test_a_run_is_undone_to_the_byte_and_the_undoing_too(library: FakeLibrary) -> None:
    before = library.library.tags()
    run_id = retag(library)
    after = library.library.tags()
    assert after != before
    library.fakes.cloudinary.assets["a1"]["tags"].append("mine")

    assert library.autotag("revert", "--run", run_id).exit_code == 0
    undoing = library.run.id
    assert library.library.tags() == before | {"a1": before["a1"] | {"mine"}}

    assert library.autotag("revert", "--run", undoing).exit_code == 0
    assert library.library.tags() == after | {"a1": after["a1"] | {"mine"}}


def test_a_dry_run_tells_exactly_what_the_run_then_does(library: FakeLibrary) -> None:
    run_id = retag(library)
    before = library.library.tags()
    tried = library.autotag("revert", "--run", run_id, "--dry-run", "--json")
    printed = {o["asset"]["asset_id"]: (set(o["add"]), set(o["remove"])) for o in objects(tried)}
    assert tried.exit_code == 0 and library.library.tags() == before

    library.autotag("revert", "--run", run_id)
    after = library.library.tags()
    assert printed == {
        name: (after[name] - tags, tags - after[name]) for name, tags in before.items() if after[name] != tags
    }


def test_all_means_every_tag_of_ours_and_no_other(library: FakeLibrary) -> None:
    result = library.autotag("revert", "--all", "--yes")

    assert result.exit_code == 0 and set(map(frozenset, library.library.tags().values())) == {frozenset({"press"})}


def test_a_tag_that_a_person_took_away_does_not_come_back(library: FakeLibrary) -> None:
    run_id = retag(library)
    handle(library.fakes.deps, person("a0", added=(), removed=("crowd",), at=library.fakes.clock.now()), lambda: 60.0)
    library.autotag("revert", "--run", run_id)

    assert "People" not in library.library.tags()["a0"]


def test_a_run_is_named_by_its_first_digits(library: FakeLibrary) -> None:
    run_id = retag(library)
    library.autotag("revert", "--run", run_id[:20], "--detach")

    assert library.run.undo.run == run_id


def test_a_run_that_still_runs_is_not_undone(library: FakeLibrary) -> None:
    library.autotag("retag", "--yes", "--detach")
    result = library.autotag("revert", "--run", library.run.id)

    assert result.exit_code == 1 and "is still running: pause or cancel it before it is undone" in result.stderr
    assert len(library.fakes.runs.items) == 1


@pytest.mark.parametrize(
    ("arguments", "undo", "chosen"),
    [
        (["--tag", "People"], {"tag": "People"}, {}),
        (["--rules", "abcdef"], {"rules": "abcdef"}, {}),
        (["--since", "1970-01-01T00:01Z", "--until", "1970-01-01T00:02Z"], {"since": 60_000, "until": 120_000}, {}),
        (["--folder", "stage", "--public-id", "stage/1"], {}, {"folder": "stage", "public_id": "stage/1"}),
        (["--status", "tagged", "stage/2"], {}, {"statuses": ["tagged"], "assets": ["a2"]}),
        (["--all", "--yes"], {}, {}),
    ],
)
def test_each_option_chooses(
    arguments: list[str], undo: dict[str, Any], chosen: dict[str, Any], library: FakeLibrary
) -> None:
    result = library.autotag("revert", *arguments, "--detach", "--max-calls", "7", "--rate", "9")

    assert result.exit_code == 0, result.stderr
    (call,) = [request for _, _, request in library.ops.received if request["op"] == "run_start"]
    assert (call["action"], call.get("undo", {}), call.get("filter", {})) == ("revert", undo, chosen)
    assert (call["max_calls"], call["rate"]) == (7, 9)


def test_a_tag_is_undone_alone(library: FakeLibrary) -> None:
    before = library.library.tags()
    library.autotag("revert", "--tag", "People")

    assert library.library.tags() == {name: tags - {"People"} for name, tags in before.items()}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "expected what to undo, or --all alone"),
        (["--all", "--tag", "x"], "expected what to undo, or --all alone"),
        (["--all"], "--yes: expected, as there is no terminal to ask on: Remove every managed tag from every asset"),
        (["--rules", "acme"], "--rules: expected a version of rules, or its first six digits or more, not 'acme'"),
        (["--run", "12345"], "--run: expected a run's id, or its first six digits or more, not '12345'"),
        (["--tag", ""], "--tag: must not be empty; leave it out to select everything"),
        (["--folder", "/", "--tag", "x"], "--folder: must not be empty"),
        (["--since", "then"], "--since: expected a date or time"),
        (["--all", "--dry-run", "--max-calls", "3"], "--max-calls: has no meaning with --dry-run"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_started(
    arguments: list[str], sentence: str, library: FakeLibrary
) -> None:
    result = library.autotag("revert", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.replace("│", " ").split())
    assert not library.fakes.runs.items


def test_a_run_that_never_was_is_a_no(library: FakeLibrary) -> None:
    result = library.autotag("revert", "--run", "f" * 32)

    assert result.exit_code == 1 and f"there is no run {'f' * 32}" in result.stderr
