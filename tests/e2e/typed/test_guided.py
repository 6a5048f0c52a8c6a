"""``sam deploy --guided``, as the README mentions it: Enter at every prompt but the ones that are named there.

Then, on the stack that it made, every task of the README as it stands.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.core.aws_clients import aws_client
from local.core.credentials import NOTIFICATION_SECRET
from tests.e2e.typed.conftest import YES, NewUser
from tests.e2e.typed.documented import section, steps, tasks
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
        yield found


@pytest.fixture
def built(terminal: Terminal) -> Terminal:
    """A terminal in which the functions are built."""
    assert terminal.type("sam build").code == 0
    return terminal


def test_enter_at_the_prompt_on_authentication_ends_the_deployment_as_the_readme_says(built: Terminal) -> None:
    typed = built.type(GUIDED, {ANY: ""})
    assert typed.code != 0 and "Security Constraints Not Satisfied!" in typed.printed
    assert "Is this okay?" in typed.questions[-1]


def test_every_prompt_of_the_guided_way_is_explained_and_the_stack_is_deployed(
    built: Terminal, empty_accounts: Accounts, fresh_clone: Path
) -> None:
    readme = section("README.md", "Deploy to AWS")
    assert f"`{GUIDED}`" in readme
    typed = built.type(GUIDED, {NO_AUTHENTICATION: "y", CHANGES: "y", ANY: ""})
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


DEPLOYED = ("make install", "export PATH", "export AWS_DEFAULT_REGION", "sam build")
INCOMPLETE = {"autotag upload"}
"""Named in a row as one of several calls, which other rows write out."""
KEYS = {"autotag review go": ("q", ""), "autotag console": ("\x03", "opens the console once")}
"""Lines that a key ends: the key, and what they show before it is pressed."""


def test_every_task_of_the_readme_runs_as_it_stands(terminal: Terminal, empty_accounts: Accounts) -> None:
    user = NewUser(terminal, empty_accounts)
    for step in steps(section("README.md", "Deploy to AWS")):
        if not step.text.startswith(DEPLOYED):
            user.follow(step)
    assert terminal.type(f"export AUTOTAG_SECRET={NOTIFICATION_SECRET}").code == 0
    groups = tasks()
    assert len(groups) == 6 and all(groups.values())
    for line in (line for lines in groups.values() for line in lines if line not in INCOMPLETE):
        if line in KEYS:
            typed = terminal.press_until_it_ends(line, *KEYS[line])
        else:
            typed = terminal.type(with_ids(terminal, line), YES)
        assert typed.code == (1 if "forged" in line else 0), f"{line}\n{typed.printed}"


def with_ids(terminal: Terminal, line: str) -> str:
    """Return a line with real ids for its placeholders, as a reader is told to write them."""
    if line == "autotag review undo AUDIT":
        (answered,) = printed(terminal, "autotag review accept guitarist musician --json")["done"]
        return line.replace("AUDIT", answered["audit_id"])
    if "AUDIT" in line:
        return line.replace("AUDIT", printed(terminal, "autotag audits guitarist --json")[0]["audit_id"])
    return line.replace(" ID", f" {printed(terminal, 'autotag runs --json')[0]['id']}") if " ID" in line else line


def printed(terminal: Terminal, line: str) -> Any:
    """Return the JSON that a line prints."""
    typed = terminal.type(f"{line} 2>/dev/null")
    assert typed.code == 0, typed.printed
    return json.loads(typed.printed.partition("/dev/null")[2] or typed.printed)
