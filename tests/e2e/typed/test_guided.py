"""``sam deploy --guided``, as the README mentions it: Enter at every prompt but the ones that are named there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.core.aws_clients import aws_client
from tests.e2e.typed.documented import section
from tests.e2e.typed.fresh_clone import Accounts, accounts, point_at
from tests.e2e.typed.terminal import Terminal
from tests.infra.sam_transform import read_template

GUIDED = "sam deploy --guided"
NO_AUTHENTICATION = r"Function Url has no authentication\. Is this okay\?\S* \[y/N\]: "
CHANGES = r"Deploy this changeset\?\S* \[y/N\]: "
ANY = r"(?<!\x1b)\[[^\]\n\x1b]*\]: "
"""SAM prints its prompts in bold, by escape sequences such as ESC [1m."""


@pytest.fixture(scope="module")
def empty_accounts() -> Iterator[Accounts]:
    with accounts() as found:
        yield found


@pytest.fixture
def terminal(fresh_clone: Path, empty_accounts: Accounts) -> Iterator[Terminal]:
    point_at(fresh_clone, empty_accounts)
    with Terminal(fresh_clone, empty_accounts.environment()) as found:
        for line in ('export PATH="$PWD/.venv/bin:$PWD/.tools/sam/bin:$PATH"', "export AWS_DEFAULT_REGION=us-east-1"):
            assert found.type(line).code == 0
        assert found.type("sam build").code == 0
        yield found


def test_enter_at_the_prompt_on_authentication_ends_the_deployment_as_the_readme_says(terminal: Terminal) -> None:
    typed = terminal.type(GUIDED, {ANY: ""})
    assert typed.code != 0 and "Security Constraints Not Satisfied!" in typed.printed
    assert "Is this okay?" in typed.questions[-1]


def test_every_prompt_of_the_guided_way_is_explained_and_the_stack_is_deployed(
    terminal: Terminal, empty_accounts: Accounts, fresh_clone: Path
) -> None:
    readme = section("README.md", "Deploy to AWS")
    assert f"`{GUIDED}`" in readme
    typed = terminal.type(GUIDED, {NO_AUTHENTICATION: "y", CHANGES: "y", ANY: ""})
    assert typed.code == 0, typed.printed

    asked = [re.sub(r" ?\[[^\]]*\]:$", "", question) for question in typed.questions]
    parameters = [each.removeprefix("Parameter ") for each in asked if each.startswith("Parameter ")]
    assert parameters == list(read_template()["Parameters"])
    settings = section("docs/operations.md", "Settings")
    assert all(f"`{each}`" in settings for each in parameters)
    others = [each for each in asked if not each.startswith("Parameter ")]
    assert len(others) > 5 and [each for each in others if f"*{each}*" not in readme + settings] == []

    (stack,) = aws_client(empty_accounts.endpoint_url, "cloudformation").describe_stacks(StackName="autotag")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    saved = tomllib.loads((fresh_clone / "samconfig.toml").read_text("utf-8"))["default"]["deploy"]["parameters"]
    assert "PendingDeadlineSeconds" in str(saved["parameter_overrides"])
