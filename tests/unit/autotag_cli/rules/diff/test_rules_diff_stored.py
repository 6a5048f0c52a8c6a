"""``autotag rules diff --stored``: over everything that a stack knows, and on from where it was interrupted."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag_cli.stack.target import Reply
from tests.unit.autotag_cli.fake_ops import FakeOps, refusal
from tests.unit.autotag_cli.run_command import autotag, fake_environment

OLD = 'name = "old"\n'
NEW = 'name = "new"\n[defaults]\nthreshold = 0.5\n[[when]]\nfolder = "zoo"\nset = { threshold = 0.99 }\n'

ASSETS = 1000


def state(i: int, **confidence: float) -> AssetState:
    labels = tuple(Label(name, value) for name, value in confidence.items())
    folder = "zoo" if i % 10 == 0 else "stage"
    return AssetState(
        AssetRef(f"id{i:04}", f"{folder}/{i:04}", "image", "upload", 1),
        "tagged",
        facts=Facts(folder, "jpg", {}, ("Guitar",) if i % 5 == 1 else (), 1),
        categorizations={"aws_rek_tagging": Categorization("complete", labels)},
    )


@pytest.fixture
def ops() -> FakeOps:
    """A stack of a thousand assets, some of which a person had a hand in; one has no labels yet."""
    found = FakeOps()
    for i in range(ASSETS):
        found.states[f"id{i:04}"] = state(i, Stage=0.9, Guitar=0.6)
    pending = {"aws_rek_tagging": Categorization("pending")}
    found.states["pending"] = AssetState(
        AssetRef("pending", "p", "image", "upload", 1), "pending", categorizations=pending
    )
    taken = state(7, Guitar=0.6)
    found.states["id0007"] = msgspec.structs.replace(
        taken, people={"guitar": TagPreference("remove", 1, "Guitar", ("guitar",))}
    )
    return found


@pytest.fixture
def rules(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "old.toml").write_text(OLD)
    (tmp_path / "new.toml").write_text(NEW)
    return tmp_path / "old.toml", tmp_path / "new.toml"


EXPECTED = [
    {
        "tag": "Guitar",
        "gained": 900 - 200 - 1,  # not in the zoo, not there as a person's, and not where a person took it away
        "lost": 0,
        "examples": {"gained": ["stage/0002", "stage/0003", "stage/0004"], "lost": []},
    },
    {
        "tag": "Stage",
        "gained": 0,
        "lost": 100,
        "examples": {"gained": [], "lost": ["zoo/0000", "zoo/0010", "zoo/0020"]},
    },
]


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


class Breaking:
    """A transport that answers some requests, and then is down until it is mended."""

    def __init__(self, ops: FakeOps, answers: int) -> None:
        self._ops, self.left = ops, answers

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.left -= 1
        return self._ops(url, headers, body) if self.left >= 0 else refusal(503, "the table is down")


def test_a_person_who_stops_it_is_told_how_it_goes_on(ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path) -> None:
    def stopped(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        raise KeyboardInterrupt

    resume = tmp_path / "diff.resume"
    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(stopped)
    )

    assert result.exit_code not in (0, 2)
    assert f"Stopped: the same command resumes where it stopped, with the progress in {resume}." in result.stderr


@pytest.mark.parametrize("answers", [0, 1, 3, 5, 7])
def test_an_interrupted_comparison_goes_on_where_it_was(
    answers: int, ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path
) -> None:
    resume = tmp_path / "diff.resume"
    command = ("rules", "diff", *rules, "--stored", "--stack", "prod", "--json", "--resume", resume)
    broken = Breaking(ops, answers)

    first = autotag(*command, obj=fake_environment(broken))

    assert (first.exit_code, first.stdout) == (1, "")
    assert "the table is down" in first.stderr
    assert f"the same command resumes where it stopped, with the progress in {resume}" in first.stderr
    done = json.loads(resume.read_bytes())["tally"]["assets"]

    broken.left = 100
    second = autotag(*command, obj=fake_environment(broken))

    assert second.exit_code == 0
    assert second.stderr == (f"Resuming after {done:,} assets.\n" if done else "")
    found = json.loads(second.stdout)
    assert (found["assets"], found["changed"], found["tags"]) == (ASSETS + 1, 799, EXPECTED)
    assert not resume.exists()


def test_without_a_resume_file_the_hint_is_given(ops: FakeOps, rules: tuple[Path, Path]) -> None:
    result = autotag("rules", "diff", *rules, "--stored", "--stack", "prod", obj=fake_environment(Breaking(ops, 0)))

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "with --resume FILE the next comparison could resume where this one stopped" in result.stderr


def test_a_resume_file_is_of_one_comparison(ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path) -> None:
    resume = tmp_path / "diff.resume"
    arguments = ("--stored", "--stack", "prod", "--resume", resume)
    autotag("rules", "diff", *rules, *arguments, obj=fake_environment(Breaking(ops, 2)))
    before = resume.read_bytes()

    result = autotag("rules", "diff", *reversed(rules), *arguments, "--examples", "1", obj=fake_environment(ops))

    assert result.exit_code == 2
    assert result.stderr == (
        f"autotag: {resume}: is of another comparison, old and new and examples differ: remove it to start over\n"
    )
    assert resume.read_bytes() == before


@pytest.mark.parametrize("name", ["/dev/null", "folder", "pipe"])
def test_a_resume_file_that_no_file_can_replace_is_refused(
    name: str, ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    resume = tmp_path / name  # that of /dev/null is /dev/null

    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(ops)
    )

    assert (result.exit_code, ops.received) == (2, [])
    assert result.stderr.startswith(f"autotag: {resume}: is not a regular file")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"comparison": 1}', b"[" * 100_000])
def test_what_is_no_resume_file_is_told(content: bytes, ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path) -> None:
    resume = tmp_path / "notes.txt"
    resume.write_bytes(content)

    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(ops)
    )

    assert result.exit_code == 2
    assert f"{resume}: is not a resume file of rules diff" in result.stderr
    assert resume.read_bytes() == content


def test_a_resume_file_that_cannot_be_written_is_told_before_anything_is_asked(
    ops: FakeOps, rules: tuple[Path, Path], tmp_path: Path
) -> None:
    resume = tmp_path / "none" / "diff.resume"

    result = autotag(
        "rules", "diff", *rules, "--stored", "--stack", "prod", "--resume", resume, obj=fake_environment(ops)
    )

    assert result.exit_code == 2
    assert f"{resume}: cannot be written (No such file or directory)" in result.stderr
    assert ops.received == []


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
