"""``autotag rules diff --stored``: over everything that a stack knows, also against its active rules."""

import json
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from autotag_cli.stack.target import Reply
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.rules.diff.stored.stored_comparison import ASSETS, EXPECTED, NEW, OLD
from tests.unit.autotag_cli.run_command import autotag, fake_environment


def test_every_stored_asset_is_compared_once(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "--stored", "--stack", "prod", "--json", obj=fake_environment(ops))

    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["assets"], found["undecided"], found["changed"]) == (ASSETS + 1, 1, 799)
    assert found["tags"] == EXPECTED


def test_only_pages_are_asked_for(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    autotag("rules", "diff", *rules, "--stored", "--stack", "prod", obj=fake_environment(ops))

    call = [body for _, _, body in ops.received]
    assert {body["op"] for body in call} == {"scan"}
    assert sorted((body["segment"], body.get("cursor", "") != "") for body in call) == sorted(
        (segment, later) for segment in range(4) for later in (False, True)
    )


def test_active_names_the_published_rules(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    ops.rule_store.push(OLD)

    result = autotag(
        "rules", "diff", "active", rules[1], "--stored", "--stack", "prod", "--json", obj=fake_environment(ops)
    )

    found = json.loads(result.stdout)
    assert found["old"]["name"] == "old"
    assert found["tags"] == EXPECTED


def test_active_rules_may_be_compared_on_files_too(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    ops.rule_store.push(NEW)
    text = '{"info": {"categorization": {"aws_rek_tagging": {"status": "complete", "data": []}}}}'

    result = autotag("rules", "diff", rules[0], "active", "-", "--stack", "prod", obj=fake_environment(ops), stdin=text)

    assert result.exit_code == 0
    assert " → new " in result.stdout
    assert [body["op"] for _, _, body in ops.received] == ["rules"]


def test_active_rules_that_cannot_be_read_are_told(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    ops.rule_store.push_broken()

    result = autotag("rules", "diff", "active", rules[1], "--stored", "--stack", "prod", obj=fake_environment(ops))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("autotag: the active rules cannot be read: ")


def test_an_answer_of_another_version_is_told(rules: tuple[Path, Path]) -> None:
    def other(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return Reply(200, b'{"assets": [{"asset": {}}], "cursor": null}')

    result = autotag("rules", "diff", *rules, "--stored", "--stack", "prod", obj=fake_environment(other))

    assert result.exit_code == 1
    assert "this version of autotag does not know the answer's form" in result.stderr


def test_a_stack_must_be_named(rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "--stored")

    assert result.exit_code == 2
    assert "stack: none is named" in result.stderr


def test_assets_whose_metadata_was_never_seen_are_counted_where_the_new_rules_ask_for_it(
    ops: FakeOps, rules: tuple[Path, Path]
) -> None:
    """The asset that has no labels yet has no facts, either; of the others one was seen since."""
    rules[1].write_text('[[when]]\nmetadata = { licence = "press" }\nadd = ["press"]\n')
    known = ops.states["id0003"]
    assert known.facts is not None
    ops.states["id0003"] = replace(known, facts=replace(known.facts, metadata={"licence": "press"}))
    given = ("--stored", "--stack", "prod")

    found = json.loads(autotag("rules", "diff", *rules, *given, "--json", obj=fake_environment(ops)).stdout)
    assert found["without_metadata"] == ASSETS and found["tags"][-1]["gained"] == 1
    shown = " ".join(autotag("rules", "diff", *rules, *given, obj=fake_environment(ops)).stdout.split())
    assert f"{ASSETS:,} assets were never seen with metadata, which the new rules ask for" in shown
    assert "autotag retag --refresh reads it" in shown
    rules[1].write_text(NEW)
    found = json.loads(autotag("rules", "diff", *rules, *given, "--json", obj=fake_environment(ops)).stdout)
    assert found["without_metadata"] == 0
