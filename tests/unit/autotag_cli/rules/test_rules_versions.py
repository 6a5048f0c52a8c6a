"""``autotag rules versions``: who pushed which rules when, and the way back to each of them."""

import json

import pytest

from tests.unit.autotag_cli.fake_ops import CALLER, FakeOps
from tests.unit.autotag_cli.run_command import autotag, fake_environment

PROD = ("--stack", "prod")
TEXTS = [f'name = "rules {number}"\n[defaults]\nthreshold = 0.{number}\n' for number in range(1, 4)]


@pytest.fixture
def ops() -> FakeOps:
    return FakeOps()


@pytest.fixture
def pushed(ops: FakeOps) -> list[str]:
    """The versions of three pushes, the oldest first."""
    for text in TEXTS:
        assert autotag("rules", "push", "-", *PROD, stdin=text, obj=fake_environment(ops)).exit_code == 0
    pushes = json.loads(autotag("rules", "versions", *PROD, "--json", obj=fake_environment(ops)).stdout)
    return [str(push["version"]) for push in reversed(pushes)]


def test_every_push_is_listed_the_newest_first_with_its_caller(ops: FakeOps, pushed: list[str]) -> None:
    result = autotag("rules", "versions", *PROD, obj=fake_environment(ops))
    head, *rows = result.stdout.splitlines()
    assert (result.exit_code, head.split()) == (0, ["seq", "version", "rules", "pushed", "at", "by"])
    assert [row.split()[:4] for row in rows] == [
        [str(seq), version[:12], "rules", str(seq)] for seq, version in reversed([*enumerate(pushed, 1)])
    ]
    assert all(row.rstrip().endswith(CALLER) for row in rows)


def test_a_limit_ends_the_list(ops: FakeOps, pushed: list[str]) -> None:
    listed = json.loads(autotag("rules", "versions", "--limit", "2", *PROD, "--json", obj=fake_environment(ops)).stdout)
    assert [push["seq"] for push in listed] == [3, 2]


@pytest.mark.parametrize(
    "named", [lambda _, seq: str(seq), lambda version, _: version[:12], lambda version, _: version]
)
def test_a_version_is_printed_as_it_was_pushed(ops: FakeOps, pushed: list[str], named: object) -> None:
    for seq, version in enumerate(pushed, 1):
        result = autotag("rules", "versions", named(version, seq), *PROD, obj=fake_environment(ops))  # type: ignore[operator]
        assert (result.exit_code, result.stdout) == (0, TEXTS[seq - 1])


@pytest.mark.parametrize("named", ["4", "0", "0" * 12, "f" * 64, "99999999"])
def test_a_version_that_was_never_pushed_is_one_sentence(ops: FakeOps, pushed: list[str], named: str) -> None:
    result = autotag("rules", "versions", named, *PROD, obj=fake_environment(ops))
    assert result.exit_code in (1, 2) and result.stdout == ""
    assert len(result.stderr.splitlines()) == 1 and named[:12] in result.stderr


@pytest.mark.parametrize("named", ["abc", "not-a-version", "-1.5", "ABCDEFABCDEF"])
def test_what_names_no_version_says_what_does(ops: FakeOps, named: str) -> None:
    result = autotag("rules", "versions", *PROD, "--", named, obj=fake_environment(ops))
    assert result.exit_code == 2 and "expected a seq or 12 to 64 hexadecimal digits" in result.stderr


def test_a_stack_without_pushes_says_which_rules_are_in_use(ops: FakeOps) -> None:
    result = autotag("rules", "versions", *PROD, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (0, "") and "deployed with the functions" in result.stderr


def test_a_version_that_the_release_cannot_use_is_still_printed(ops: FakeOps, pushed: list[str]) -> None:
    broken = "[defaults]\nthresold = 0.9\n"
    ops.rule_store.versions.texts[pushed[0]] = broken
    result = autotag("rules", "versions", "1", *PROD, obj=fake_environment(ops))
    assert (result.exit_code, result.stdout) == (0, broken) and "thresold" in result.stderr
