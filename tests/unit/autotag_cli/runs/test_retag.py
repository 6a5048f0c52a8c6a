"""``autotag retag``: tried out, started, watched until it is through, and never by accident on everything."""

import json
from typing import Any

import pytest

from tests.unit.autotag_cli.fake_library import FakeLibrary, busy
from tests.unit.autotag_cli.fake_ops import CALLER
from tests.unit.autotag_cli.run_command import objects

NAMED = "Working on the stack prod in eu-west-1.\n"


@pytest.fixture
def library() -> FakeLibrary:
    return FakeLibrary()


def flat(text: str) -> str:
    return " ".join(text.split())


def changes(library: FakeLibrary, before: dict[str, set[str]]) -> dict[str, tuple[set[str], set[str]]]:
    after = library.library.tags()
    return {name: (after[name] - tags, tags - after[name]) for name, tags in before.items() if after[name] != tags}


def test_a_dry_run_tells_exactly_what_the_run_then_does(library: FakeLibrary) -> None:
    before = library.library.tags()
    tried = library.autotag("retag", "--dry-run", "--json")

    assert tried.exit_code == 0 and library.library.tags() == before and not library.fakes.runs.items
    printed = {o["asset"]["asset_id"]: (set(o["add"]), set(o["remove"])) for o in objects(tried)}
    assert tried.stderr == "Tags would change on 9 of 12 assets.\n"

    assert library.autotag("retag", "--yes").exit_code == 0
    assert changes(library, before) == printed


def test_a_dry_run_counts_each_tag_and_names_examples(library: FakeLibrary) -> None:
    shown = library.autotag("retag", "--dry-run").stdout

    assert "Tags would change on 9 of 12 assets." in shown
    table = {line.split()[0]: flat(line) for line in shown.splitlines() if "stage/" in line}
    assert table["People"].startswith("People -> crowd 6 stage/") and "crowd" not in table
    assert table["Guitar"].startswith("Guitar 6 - stage/") and table["Guitar"].endswith(", … 3 more")


def test_a_dry_run_as_json_names_renames_beside_what_is_added_and_removed(library: FakeLibrary) -> None:
    planned = objects(library.autotag("retag", "--dry-run", "--json"))

    renamed = [each for each in planned if each["renamed"]]
    assert len(renamed) == 6
    assert all(each["renamed"] == [{"from": "People", "to": "crowd"}] for each in renamed)
    assert all("People" in each["remove"] and "crowd" in each["add"] for each in renamed)


def test_a_dry_run_reads_page_after_page_and_each_once() -> None:
    library = FakeLibrary(2000)
    result = library.autotag("retag", "--dry-run")

    assert "Tags would change on 1,500 of 2,000 assets." in result.stdout
    assert set(library.received) == {"run_plan"}
    pages = [(request["segment"], request["cursor"]) for _, _, request in library.ops.received]
    assert len(pages) == len(set(pages)) > 8


def test_a_run_is_watched_to_its_end_and_shown(library: FakeLibrary) -> None:
    result = library.autotag("retag", "--yes")

    assert result.exit_code == 0
    assert library.run.status == "done" and library.run.by == CALLER
    assert result.stderr == f"{NAMED}Started retag {library.run.id}.\n"
    shown = flat(result.stdout)
    assert f"run {library.run.id} action retag status done" in shown
    assert (
        "looked at 12 assets to change 9 renames a tag on 6 of these done 9 used" in shown
        and "calls to the Upload API" in shown
    )


def test_a_run_as_json_is_one_object(library: FakeLibrary) -> None:
    printed = json.loads(library.autotag("retag", "--yes", "--json").stdout)

    assert (printed["id"], printed["status"], printed["counts"]["done"]) == (library.run.id, "done", 9)


def test_a_run_counts_the_same_renames_as_the_dry_run(library: FakeLibrary) -> None:
    planned = objects(library.autotag("retag", "--dry-run", "--json"))
    assert library.autotag("retag", "--yes").exit_code == 0

    shown = json.loads(library.autotag("runs", "show", library.run.id, "--json").stdout)
    assert shown["counts"]["renamed"] == sum(bool(each["renamed"]) for each in planned) == 6


def test_a_run_without_renames_does_not_speak_of_them(library: FakeLibrary) -> None:
    assert library.autotag("retag", "--yes").exit_code == 0

    again = library.autotag("retag", "--yes")
    assert again.exit_code == 0 and "renames" not in again.stdout


def test_detached_it_prints_the_id_and_returns(library: FakeLibrary) -> None:
    result = library.autotag("retag", "--yes", "--detach")

    assert (result.exit_code, result.stdout) == (0, f"{library.run.id}\n")
    assert f"autotag runs watch {library.run.id[:12]}" in result.stderr
    assert library.received == ["run_start"]
    assert json.loads(library.autotag("retag", "--yes", "--detach", "--json").stdout)["status"] == "running"


def test_everything_is_never_retagged_by_accident(library: FakeLibrary) -> None:
    result = library.autotag("retag", stdin="y\n")

    assert (result.exit_code, result.stdout, library.received) == (2, "", [])
    assert result.stderr.removeprefix(NAMED) == (
        "autotag: --yes: expected, as there is no terminal to ask on: Decide again on every asset of prod?\n"
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--folder", "stage/**"], {"folder": "stage/**"}),
        (["--tag", "People"], {"tag": "People"}),
        (["--public-id", "stage/1*"], {"public_id": "stage/1*"}),
        (["--status", "tagged", "--status", "failed"], {"statuses": ["tagged", "failed"]}),
        (["--status", "tagged,failed", "--status", "tagged"], {"statuses": ["tagged", "failed"]}),
        (["--rules-older-than", "active"], {"rules_before": 1}),
        (["--rules-older-than", "7"], {"rules_before": 7}),
        (["--since", "1970-01-01T00:01Z"], {"since": 60_000}),
        (["--until", "2026-10-31"], {"until": 1_793_404_800_000}),
        (["stage/3", "a5", "a3"], {"assets": ["a3", "a5"]}),
    ],
)
def test_each_option_chooses_and_needs_no_confirmation(
    arguments: list[str], expected: dict[str, Any], library: FakeLibrary
) -> None:
    result = library.autotag("retag", *arguments, "--detach")

    assert result.exit_code == 0, result.stderr
    (call,) = [request for _, _, request in library.ops.received if request["op"] == "run_start"]
    assert (call["action"], call["filter"]) == ("retag", expected)


def test_an_age_counts_back_from_now(library: FakeLibrary) -> None:
    now = library.fakes.clock.time
    library.autotag("retag", "--since", "7d", "--until", "1.5h", "--detach")

    assert library.run.filter.since == pytest.approx(now - 7 * 86_400_000, abs=1000)
    assert library.run.filter.until == pytest.approx(now - 5_400_000, abs=1000)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--since", "soon"], "--since: expected a date or time such as 2026-10-31 or 2026-10-31T08:00Z, or an age"),
        (["--until", "7y"], "--until: expected a date or time"),
        (["--since", "1d", "--until", "2d"], "--until: expected a time after --since, not 2d"),
        (["--since", "2099-01-01"], "--since: expected a time in the past, not 2099-01-01"),
        (["--until", "99999999d"], "--until: expected a time after 1970, not '99999999d'"),
        (["--status", "done"], "--status: expected one of pending, applying, tagged"),
        (["--status", ","], "--status: expected one of pending, applying, tagged"),
        (["--rules-older-than", "0"], "--rules-older-than: expected active, or a seq from autotag rules active"),
        (["--folder", ""], "--folder: must not be empty; leave it out to select everything"),
        (["--dry-run", "--max-calls", "5"], "--max-calls: has no meaning with --dry-run"),
        (["--dry-run", "--rate", "5"], "--rate: has no meaning with --dry-run"),
        (["--dry-run", "--detach"], "--detach: has no meaning with --dry-run"),
        ([*(f"a{n}" for n in range(1001))], "ASSET: expected at most 1,000, not 1,001"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_started(
    arguments: list[str], sentence: str, library: FakeLibrary
) -> None:
    result = library.autotag("retag", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    error = result.stderr.removeprefix(NAMED)
    assert error.startswith(f"autotag: {sentence}") and error.count("\n") == 1
    assert not library.fakes.runs.items


def test_an_asset_that_was_never_seen_is_a_no(library: FakeLibrary) -> None:
    result = library.autotag("retag", "stage/3", "stage/nope")

    assert result.exit_code == 1 and "no asset 'stage/nope' was ever seen" in result.stderr
    assert not library.fakes.runs.items


def test_without_pushed_rules_none_are_older(library: FakeLibrary) -> None:
    library.ops.rule_store.publication.item = None
    result = library.autotag("retag", "--rules-older-than", "active")

    assert result.exit_code == 2 and "rules were never pushed to this stack, so none are older" in result.stderr


def test_a_run_whose_calls_are_used_up_is_paused_and_that_is_a_failure(library: FakeLibrary) -> None:
    result = library.autotag("retag", "--yes", "--max-calls", "1")

    assert result.exit_code == 1 and library.run.status == "paused"
    assert "status paused, 1 of its 1 calls are left, and the next change takes 2" in flat(result.stdout)
    assert library.run.counts.calls <= 1


def test_a_stack_that_is_busy_for_a_moment_is_asked_again(library: FakeLibrary) -> None:
    library.works = False
    library.at_sleep = [lambda: library.fails.extend([busy()] * 4), lambda: setattr(library, "works", True)]
    result = library.autotag("retag", "--yes")

    assert result.exit_code == 0 and library.run.status == "done"
    assert result.stderr.count("the table is down") == 1 and "trying again" in result.stderr


def test_a_stack_that_stays_away_is_told_with_how_to_go_on(library: FakeLibrary) -> None:
    library.works = False
    library.at_sleep = [lambda: library.fails.extend([busy()] * 100)]
    result = library.autotag("retag", "--yes")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "the run goes on by itself" in result.stderr
    assert f"autotag runs watch {library.run.id[:12]}" in result.stderr
    assert library.run.status == "running"


def test_a_person_who_stops_watching_stops_nothing_else(library: FakeLibrary) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    library.works = False
    library.at_sleep = [interrupt]
    result = library.autotag("retag", "--yes")

    assert result.exit_code not in (0, 2) and library.run.status == "running"
    short = library.run.id[:12]
    assert "the run goes on by itself" in result.stderr
    assert f"autotag runs watch {short}" in result.stderr and f"autotag runs pause {short} or cancel" in result.stderr

    library.works = True
    assert library.autotag("runs", "watch", library.run.id).exit_code == 0
    assert library.run.counts.done == 9


def test_a_start_that_is_not_answered_says_where_to_look(library: FakeLibrary) -> None:
    library.fails = [busy()]
    result = library.autotag("retag", "--yes")

    assert result.exit_code == 1 and "autotag runs shows whether it was started anyway" in result.stderr
