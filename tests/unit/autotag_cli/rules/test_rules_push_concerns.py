"""``autotag rules push``: how many known assets the new rules concern, and what to do next."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.runs.requests import PlanRun
from autotag_cli.rules import concerned_assets
from tests.unit.autotag_cli.fake_library import FakeLibrary, busy
from tests.unit.service.runs.run_library import NEW

NEXT = "autotag retag --dry-run shows which, autotag retag changes them."


def push(library: FakeLibrary, folder: Path, text: str) -> list[str]:
    """Push rules, which the stack then uses; return what is said beside the result."""
    path = folder / "rules.toml"
    path.write_text(text)
    library.fakes.rules.newer = ActiveRules(Ruleset(parse_rules(text)), 2)
    result = library.autotag("rules", "push", str(path))
    assert (result.exit_code, result.stdout.partition(":")[0]) == (0, "published")
    return result.stderr.splitlines()


def test_a_push_says_how_many_assets_a_retag_would_change_and_it_does(tmp_path: Path) -> None:
    library = FakeLibrary(12)
    said = push(library, tmp_path, f'name = "more"\n{NEW}')
    before = library.library.tags()
    assert said[-2:] == [
        "New decisions use them within a minute.",
        f"Known assets keep their tags until a retag, which changes those of 9 of 12 known assets: {NEXT}",
    ]
    assert library.autotag("retag", "--yes").exit_code == 0
    after = library.library.tags()
    assert sum(after[name] != before[name] for name in before) == 9


def test_rules_that_change_no_tags_are_said_to(tmp_path: Path) -> None:
    library = FakeLibrary(12)
    assert library.autotag("retag", "--yes").exit_code == 0

    said = push(library, tmp_path, f'{NEW}\n[labels."No such label"]\ntag = "x"\n')

    assert said[-1] == "No tags of 12 known assets change."


class Endless:
    """A stack that always knows more assets; ``pages`` are those that it was asked for."""

    def __init__(self) -> None:
        self.pages = 0

    def plan_run(self, request: PlanRun) -> dict[str, Any]:
        self.pages += 1
        asset = {"asset_id": "a1", "public_id": "x", "resource_type": "image", "type": "upload", "version": 1}
        changed = {"asset": asset, "add": ["x"], "remove": [], "review": [], "renamed": []}
        return {"seen": 200, "cursor": "more", "assets": [changed] * 3}


def test_of_a_large_library_the_first_assets_are_counted_and_said_to_be_the_first() -> None:
    stack = Endless()

    said = concerned_assets.concerns(stack)

    assert "changes those of 75 of the first 5,000 known assets: autotag retag --dry-run counts all of them" in said
    assert stack.pages < 2 * concerned_assets.MOST / 200


def test_a_count_that_fails_leaves_the_push_done(tmp_path: Path) -> None:
    library = FakeLibrary(12)
    before: Callable[[], None] = library.ops.rule_store.publication.before_publish

    def fail_next() -> None:
        before()
        library.fails = [busy()] * 4

    library.ops.rule_store.publication.before_publish = fail_next
    said = push(library, tmp_path, f'{NEW}\n[labels."No such label"]\ntag = "x"\n')

    assert "How many are concerned could not be counted" in said[-1]
    assert "autotag retag --dry-run counts them" in said[-1]


@pytest.mark.parametrize(("changed", "seen", "complete"), [(1, 1, True), (0, 6000, False), (7, 5000, False)])
def test_every_sentence_says_what_to_do_next(changed: int, seen: int, complete: bool) -> None:
    sentence = concerned_assets.Concerned(changed, seen, complete).sentence

    assert f"{changed:,} of " in sentence and f"{seen:,} known asset" in sentence
    assert "autotag retag --dry-run" in sentence and "autotag retag changes them" in sentence
