"""Running the command in a test, in an environment without a real stack."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from requests.adapters import BaseAdapter
from typer.testing import CliRunner, Result

from autotag.domain.errors import Invalid
from autotag_cli.main import app
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Keys, Reply, Target, Transport

PROJECT = Path(__file__).resolve().parents[3]
EVENTS = PROJECT / "events"

TARGET = Target("prod", "https://ops.lambda-url.eu-west-1.on.aws/", "eu-west-1", Keys("AKID", "sekrit", "session"))


def no_network(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Stand for a network that a command must not use."""
    raise AssertionError(f"asked {url}")


def only_prod(name: str, region: str | None = None, profile: str | None = None) -> Target:
    """Stand for an account in which one stack is deployed."""
    if name != TARGET.stack:
        raise Invalid("stack", f"there is no {name!r} in eu-west-1")
    return TARGET


def fake_environment(
    post: Transport = no_network,
    *,
    variables: Mapping[str, str] | None = None,
    folders: tuple[Path, ...] = (),
    cloudinary: BaseAdapter | None = None,
) -> Environment:
    """Return an environment of fakes: a stack ``prod``, and no local one unless ``folders`` hold it."""
    return Environment(variables or {}, folders, only_prod, post, cloudinary)


def autotag(
    *arguments: str | Path,
    stdin: str | bytes | None = None,
    obj: Environment | None = None,
    env: Mapping[str, str | None] | None = None,
    color: bool = False,
) -> Result:
    """Run ``autotag`` with ``arguments``; an error that would be a stack trace fails the test."""
    clean = {"AUTOTAG_SECRET": None, "AUTOTAG_STACK": None, "FORCE_COLOR": "1" if color else None, "COLUMNS": None}
    return CliRunner(env=clean).invoke(
        app,
        [str(argument) for argument in arguments],
        input=stdin,
        env=env,
        catch_exceptions=False,
        obj=obj or fake_environment(),
    )


def objects(result: Result) -> list[dict[str, Any]]:
    """Return the JSON objects that a command printed, one a line."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def rest_of(terminal: int) -> bytes:
    """Return what is written to a terminal until its other side is closed, and close it."""
    seen = b""
    try:
        while part := os.read(terminal, 65536):
            seen += part
    except OSError:  # how Linux says that the other side has closed
        pass
    os.close(terminal)
    return seen
