"""Which stack ``show`` and ``audits`` ask, and every way of not finding one."""

import json
from pathlib import Path

import pytest

from autotag.domain.errors import Invalid
from autotag_cli.errors import Failure
from autotag_cli.stack.resolve import resolve
from autotag_cli.stack.target import Keys
from tests.unit.autotag_cli.run_command import TARGET, autotag, fake_environment

LOCAL = {
    "endpoint_url": "http://127.0.0.1:4566",
    "region": "us-east-1",
    "stack": "autotag",
    "simulator_url": "http://127.0.0.1:4567",
    "outputs": {"OpsUrl": "http://127.0.0.1:4566/_aws/lambda-url/abc/", "WebhookUrl": "unused"},
    "pids": {"ministack": 1},
}


def up(folder: Path, **more: object) -> Path:
    path = folder / ".local" / "up" / "stack.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({**LOCAL, **more}))
    return folder


def test_a_named_stack_comes_first(tmp_path: Path) -> None:
    environment = fake_environment(variables={"AUTOTAG_STACK": "other"}, folders=(up(tmp_path),))

    assert resolve("prod", environment) == TARGET


def test_then_the_environments(tmp_path: Path) -> None:
    assert resolve(None, fake_environment(variables={"AUTOTAG_STACK": "prod"}, folders=(up(tmp_path),))) == TARGET


def test_then_the_local_one_and_the_user_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = resolve(None, fake_environment(folders=(tmp_path / "elsewhere", up(tmp_path))))

    assert target.ops_url == "http://127.0.0.1:4566/_aws/lambda-url/abc/"
    assert (target.region, target.keys) == ("us-east-1", Keys("test", "test"))
    assert (target.endpoint_url, target.outputs["WebhookUrl"]) == ("http://127.0.0.1:4566", "unused")
    captured = capsys.readouterr()
    assert (captured.out, "Using the local stack at http://127.0.0.1:4566." in captured.err) == ("", True)


def test_a_name_at_the_local_endpoint_is_the_local_stack(tmp_path: Path) -> None:
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566/"}

    assert resolve("autotag", fake_environment(variables=environment, folders=(up(tmp_path),))).keys == Keys(
        "test", "test"
    )


def test_the_local_stacks_name_alone_means_the_deployed_one(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no 'autotag' in eu-west-1"):
        resolve("autotag", fake_environment(folders=(up(tmp_path),)))


@pytest.mark.parametrize("command", ["show", "audits"])
def test_no_stack_at_all_is_wrong_usage(command: str) -> None:
    result = autotag(command, "guitarist", obj=fake_environment())

    assert result.exit_code == 2
    assert result.stderr == (
        "autotag: stack: none is named: give --stack NAME, set AUTOTAG_STACK, or start a local one with make up\n"
    )


def test_an_unknown_stack_is_wrong_input() -> None:
    result = autotag("show", "guitarist", "--stack", "prdo")

    assert (result.exit_code, result.stderr) == (2, "autotag: stack: there is no 'prdo' in eu-west-1\n")


@pytest.mark.parametrize("content", ["{", '{"stack": "autotag"}', '{"x":' + "[" * 9999])
def test_a_damaged_description_of_the_local_stack_is_named(content: str, tmp_path: Path) -> None:
    (up(tmp_path) / ".local" / "up" / "stack.json").write_text(content)

    with pytest.raises(Failure, match=r"stack\.json is damaged .*: run make down and make up"):
        resolve(None, fake_environment(folders=(tmp_path,)))


def test_a_local_stack_is_on_this_machine(tmp_path: Path) -> None:
    folder = up(tmp_path, outputs={"OpsUrl": "https://elsewhere.example.com/"})

    with pytest.raises(Failure, match="is not on this machine"):
        resolve(None, fake_environment(folders=(folder,)))
