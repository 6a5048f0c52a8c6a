"""``autotag rules push`` and ``active``: checked here, published there, and nothing twice."""

import json
from pathlib import Path

import pytest

from autotag.domain.model.health import DetectUsage
from autotag_cli.input.rules_file import SHIPPED
from tests.fakes.rules import RULES
from tests.unit.autotag_cli.fake_ops import CALLER, FakeOps
from tests.unit.autotag_cli.run_command import autotag, fake_environment

ACME = 'name = "acme"\n[defaults]\nthreshold = 0.8\n'
OTHER = 'name = "other"\n'
PROD = ("--stack", "prod")


@pytest.fixture
def ops() -> FakeOps:
    return FakeOps()


def received(ops: FakeOps) -> list[str]:
    return [request["op"] for _, _, request in ops.received]


def file(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text)
    return path


def test_rules_are_published_and_numbered(ops: FakeOps, tmp_path: Path) -> None:
    result = autotag("rules", "push", file(tmp_path, ACME), *PROD, obj=fake_environment(ops))

    version = ops.rule_store.publication.item
    assert version is not None and version.pushed_by == CALLER
    assert result.exit_code == 0
    assert result.stdout == f"published: rules acme, version {version.hash[:12]}, seq 1\n"
    assert ops.rule_store.versions.texts[version.hash] == ACME


def test_only_a_push_that_changed_something_counts_assets(ops: FakeOps, tmp_path: Path) -> None:
    path = file(tmp_path, ACME)
    first = autotag("rules", "push", path, *PROD, obj=fake_environment(ops))
    again = autotag("rules", "push", path, *PROD, obj=fake_environment(ops))

    assert first.stderr.endswith("New decisions use them within a minute.\nThe stack knows no assets yet.\n")
    assert "assets" not in again.stderr


def test_a_dry_run_names_the_command_that_counts_assets(ops: FakeOps, tmp_path: Path) -> None:
    path = file(tmp_path, OTHER)
    dry = autotag("rules", "push", path, *PROD, "--dry-run", obj=fake_environment(ops))

    expected = f"autotag rules diff active {path} --stored counts the known assets whose tags would change.\n"
    assert dry.stderr.endswith(expected)


def test_rules_come_from_stdin_too(ops: FakeOps) -> None:
    result = autotag("rules", "push", "-", *PROD, stdin=OTHER, obj=fake_environment(ops))
    assert result.exit_code == 0 and result.stdout.startswith("published: rules other")


def test_the_active_version_again_changes_nothing_and_says_so(ops: FakeOps, tmp_path: Path) -> None:
    version = ops.rule_store.push(ACME)
    item = ops.rule_store.publication.item
    result = autotag("rules", "push", file(tmp_path, f"# a comment\n{ACME}"), *PROD, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (0, f"active already: rules acme, version {version[:12]}, seq 1\n")
    assert ops.rule_store.publication.item == item


def test_a_dry_run_publishes_nothing_and_says_what_would_be(ops: FakeOps, tmp_path: Path) -> None:
    version = ops.rule_store.push(ACME)
    item = ops.rule_store.publication.item
    result = autotag("rules", "push", file(tmp_path, OTHER), "--dry-run", *PROD, obj=fake_environment(ops))
    assert result.exit_code == 0 and result.stdout.startswith("would publish: rules other, version ")
    assert result.stdout.endswith(f", seq 2, over rules acme, version {version[:12]}, seq 1\n")
    assert autotag(
        "rules", "push", file(tmp_path, ACME), "--dry-run", *PROD, obj=fake_environment(ops)
    ).stdout.startswith("active")
    assert ops.rule_store.publication.item == item and set(received(ops)) == {"rules", "health"}


def test_a_file_with_faults_is_told_as_check_tells_it_and_nobody_is_asked(ops: FakeOps, tmp_path: Path) -> None:
    path = file(tmp_path, "[defaults]\nthresold = 0.7\nmax_tags = -1\n")
    checked = autotag("rules", "check", path)
    result = autotag("rules", "push", path, *PROD, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(checked.stdout) and len(checked.stdout.splitlines()) == 2
    assert (
        result.stderr.removeprefix(checked.stdout) == f"autotag: {path}: found 2 faults, expected rules without any\n"
    )
    assert ops.received == []


def test_what_somebody_else_has_pushed_meanwhile_is_not_pushed_over(ops: FakeOps, tmp_path: Path) -> None:
    ops.rule_store.publication.before_publish = lambda: quicker(ops)
    result = autotag("rules", "push", file(tmp_path, ACME), *PROD, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nothing was changed: another caller has pushed rules at this moment" in result.stderr


def quicker(ops: FakeOps) -> None:
    ops.rule_store.publication.before_publish = lambda: None
    ops.rule_store.push(OTHER)


def test_unreadable_rules_can_be_pushed_over(ops: FakeOps, tmp_path: Path) -> None:
    ops.rule_store.push_broken()
    result = autotag("rules", "push", file(tmp_path, ACME), "--dry-run", *PROD, obj=fake_environment(ops))
    assert result.stdout.endswith(", seq 2, over rules unreadable ones, version ffffffffffff, seq 1\n")
    assert autotag("rules", "push", file(tmp_path, ACME), *PROD, obj=fake_environment(ops)).stdout.endswith("seq 2\n")


def test_without_a_push_the_deployed_rules_are_active(ops: FakeOps) -> None:
    result = autotag("rules", "active", *PROD, obj=fake_environment(ops))
    assert result.exit_code == 0
    assert "default" in result.stdout and "never: these were deployed with the functions" in result.stdout


def test_active_rules_are_shown_with_who_pushed_them_and_whether_they_were_taken_up(ops: FakeOps) -> None:
    version = ops.rule_store.push(ACME)
    shown = autotag("rules", "active", *PROD, obj=fake_environment(ops)).stdout
    assert version in shown and "by somebody" in shown and "not yet" in shown

    ops.rule_store.publication.mark_good(version, 1)
    assert "yes" in autotag("rules", "active", *PROD, obj=fake_environment(ops)).stdout
    ops.rule_store.push(OTHER)
    assert (
        f"not yet, last acme {version[:12]}, seq 1"
        in autotag("rules", "active", *PROD, obj=fake_environment(ops)).stdout
    )


def test_active_rules_are_printed_as_json_and_as_they_were_pushed(ops: FakeOps) -> None:
    version = ops.rule_store.push(ACME)
    printed = json.loads(autotag("rules", "active", "--json", *PROD, obj=fake_environment(ops)).stdout)
    assert (printed["active"]["version"], printed["active"]["seq"], printed["last_good"]) == (version, 1, None)
    assert autotag("rules", "active", "--text", *PROD, obj=fake_environment(ops)).stdout == ACME
    assert autotag("rules", "active", "--text", *PROD, obj=fake_environment(FakeOps())).stdout == RULES


def test_rules_that_workers_cannot_read_are_a_failure(ops: FakeOps) -> None:
    version = ops.rule_store.push(ACME)
    ops.rule_store.publication.mark_good(version, 1)
    ops.rule_store.push_broken()
    result = autotag("rules", "active", *PROD, obj=fake_environment(ops))
    assert result.exit_code == 1 and "unreadable" in result.stdout and "thresold" in result.stderr
    assert autotag("rules", "active", "--text", *PROD, obj=fake_environment(ops)).exit_code == 1


def test_the_shipped_rules_can_be_pushed(ops: FakeOps) -> None:
    assert autotag("rules", "push", SHIPPED, *PROD, obj=fake_environment(ops)).exit_code == 0


NAMED = 'name = "direct"\n[defaults]\nproviders = ["rekognition"]\n'


@pytest.mark.parametrize(
    ("text", "source", "sentence"),
    [
        (NAMED, "off", "The rules name the provider rekognition, and the stack does not ask it: deploy with"),
        (OTHER, "url", "The stack may ask Rekognition (Rekognition=url), and the rules do not name it as a provider."),
        (NAMED, "url", ""),
        (OTHER, "off", ""),
    ],
)
def test_a_push_says_when_only_the_rules_or_only_the_stack_is_for_rekognition(
    text: str, source: str, sentence: str, ops: FakeOps, tmp_path: Path
) -> None:
    ops.probes.told["rekognition"] = source
    result = autotag("rules", "push", file(tmp_path, text), *PROD, obj=fake_environment(ops))
    assert result.exit_code == 0
    assert sentence in result.stderr and ("ekognition" in result.stderr) == bool(sentence)


def test_a_push_says_when_the_stack_may_ask_rekognition_for_nothing(tmp_path: Path) -> None:
    ops = FakeOps(DetectUsage(used=0, cap=0))
    ops.probes.told["rekognition"] = "s3"
    result = autotag("rules", "push", file(tmp_path, NAMED), *PROD, obj=fake_environment(ops))
    assert result.exit_code == 0
    sentence = "the stack does not ask it (Rekognition=s3, DetectPerDay=0): deploy with DetectPerDay=NUMBER."
    assert sentence in result.stderr
