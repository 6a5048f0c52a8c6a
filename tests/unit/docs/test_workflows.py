""".github/workflows: pinned actions, least permissions, and the commands of the Makefile."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[3]
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
MAY_WRITE = {
    ("release", "publish"): {"contents": "write"},
    ("deploy", "deploy"): {"contents": "read", "id-token": "write"},
}
"""The jobs that may do more than read the repository: publish a release, ask for a token that AWS accepts."""

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in read(path)["jobs"].values():
        yield from job["steps"]


def commands(path: Path) -> list[str]:
    return [step["run"] for step in steps(path) if "run" in step]


def test_there_is_a_workflow_for_checks_tests_releases_and_deployments() -> None:
    assert [path.stem for path in WORKFLOWS] == ["check", "deploy", "release", "test"]


@every_workflow
def test_actions_are_pinned_by_the_digest_of_a_commit_and_name_its_version(path: Path) -> None:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert re.fullmatch(r"- uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_an_action_has_the_same_digest_everywhere() -> None:
    used = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    assert len(used) == len({each.partition("@")[0] for each in used})


@every_workflow
def test_a_workflow_reads_the_repository_and_only_named_jobs_may_do_more(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions", {"contents": "read"}) == MAY_WRITE.get((path.stem, name), {"contents": "read"})
        assert job["timeout-minutes"] <= 90


@every_workflow
def test_no_checkout_leaves_credentials_behind(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}] * len(checkouts)


def test_a_job_that_may_publish_runs_no_code_of_the_project() -> None:
    publish = read(PROJECT / ".github" / "workflows" / "release.yml")["jobs"]["publish"]
    assert not [
        step for step in publish["steps"] if "checkout" in step.get("uses", "") or "make" in step.get("run", "")
    ]


@every_workflow
def test_commands_call_targets_of_the_makefile_that_exist(path: Path) -> None:
    called = [word for line in commands(path) for word in re.findall(r"\bmake ([a-z]+)", line)]
    assert called and set(called) <= TARGETS


@every_workflow
def test_no_expression_is_put_into_a_command(path: Path) -> None:
    """A value of a branch or an input would be run as a command; commands read it from the environment."""
    assert not [line for line in commands(path) if "${{" in line]


def test_the_workflows_run_what_ci_runs() -> None:
    ci = re.findall(r"^make ([a-z]+)$", (PROJECT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    run = [line for path in WORKFLOWS if path.stem in ("check", "test") for line in commands(path)]
    assert sorted(run) == sorted(f"make {target}" for target in ci)


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    tool = Path(sys.executable).parent / "zizmor"
    done = subprocess.run(
        [tool, "--offline", "--no-progress", PROJECT / ".github" / "workflows"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
