"""A reader of docs/operations.md, who types its lines with the ids and times of a stack in place of the page's."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from local.core.aws_clients import aws_client
from local.core.paths import PROJECT
from local.core.waiting import until
from local.stack.deployment import give_limits_as_numbers, read_outputs
from local.stack.stack import Stack
from tests.e2e.typed.conftest import YES, NewUser
from tests.e2e.typed.documented import inline_commands, steps

PAGE = (PROJECT / "docs" / "operations.md").read_text("utf-8")
INLINE = ("autotag ", "aws ", "log ", "of ", "make deploy SET=", "sam delete ")
"""How code in a sentence or in a table begins if it is a command with arguments."""
SOON = 90.0


def command_of(line: str) -> str:
    """Return a documented line without its comment."""
    return re.sub(r" +# .*$", "", line, flags=re.MULTILINE)


def documented() -> dict[str, str]:
    """Return the lines of the page, fenced ones and commands in sentences and tables, by their commands."""
    fenced = [step.text for step in steps(PAGE)]
    return {command_of(line): line for line in reversed([*fenced, *inline_commands(PAGE, INLINE)])}


class Reader:
    """A user of a stack that the README deployed; ``lines`` are the page's, ``typed`` the commands that
    were typed by now."""

    def __init__(self, user: NewUser) -> None:
        self.user = user
        self.typed: set[str] = set()
        self.lines = documented()

    @property
    def stack(self) -> Stack:
        """The stack, for what a test looks at or does beside the page."""
        found = self.user.accounts
        outputs = read_outputs(found.endpoint_url, "autotag")
        return Stack(found.endpoint_url, "us-east-1", "autotag", found.simulator_url, found.cloudinary_url, outputs)

    def client(self, service: str) -> Any:
        """Return a boto3 client of the account."""
        return aws_client(self.user.accounts.endpoint_url, service)

    def type(
        self,
        beginning: str,
        fill: Mapping[str, str] | None = None,
        *,
        more: str = "",
        code: int | None = 0,
        asks: int = 0,
    ) -> str:
        """Type the line of the page whose command is ``beginning`` or alone begins so; return what it printed.

        ``fill`` replaces what the page leaves to its reader, such as an id; ``more`` is what a sentence leaves out.
        The line must end with ``code`` (None: with any), and ask just as many questions as ``asks`` says.
        """
        line = self._find(beginning)
        for placeholder, value in (fill or {}).items():
            assert placeholder in line, f"{line!r} has no {placeholder}"
            line = line.replace(placeholder, value)
        done = self.user.terminal.type(line + more, YES)
        assert (done.code, len(done.questions)) == (done.code if code is None else code, asks), done.printed
        if "deploy" in line:
            give_limits_as_numbers(self.user.accounts.endpoint_url)  # a difference of the emulator
        return done.output

    def type_until(self, beginning: str, is_there: Callable[[str], object], **options: Any) -> str:
        """Type a line of the page again and again, as a person who waits, until what it prints satisfies."""

        def again() -> tuple[str] | None:
            printed = self.type(beginning, **options)
            return (printed,) if is_there(printed) else None

        return until(again, f"what is awaited of {beginning!r}", within=SOON, every=1.0)[0]

    def besides(self, line: str) -> str:
        """Type a line that the page does not have; it must succeed."""
        done = self.user.terminal.type(line)
        assert done.code == 0, done.printed
        return done.output

    def _find(self, beginning: str) -> str:
        found = [beginning] if beginning in self.lines else [each for each in self.lines if each.startswith(beginning)]
        assert len(found) == 1, f"{len(found)} lines of the page begin with {beginning!r}"
        self.typed.add(found[0])
        return self.lines[found[0]]


MAPPINGS = 'aws lambda list-event-source-mappings --function-name "$(of WorkerFunction)" --query '
STATES = f"{MAPPINGS}'EventSourceMappings[].State'"


def stop(reader: Reader) -> None:
    """Stop the work as the page says, until nothing runs."""
    reader.type("for id in")
    reader.type("aws events disable-rule")
    reader.type_until(STATES, lambda found: set(json.loads(found)) == {"Disabled"})
    assert json.loads(reader.type('aws events describe-rule --name "$(of PollerFunctionEveryMinute)"')) == "DISABLED"


def resume(reader: Reader) -> None:
    """Resume the work as the page says: by the opposites of the same lines."""
    reader.type("for id in", {"--no-enabled": "--enabled"})
    reader.type("aws events disable-rule", {"disable-rule": "enable-rule"})
    reader.type_until(STATES, lambda found: set(json.loads(found)) == {"Enabled"})
