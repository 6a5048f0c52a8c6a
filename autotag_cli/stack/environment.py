"""The environment of a command: network, AWS, clock. Tests pass one of their own as Typer's ``obj``."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from autotag_cli.command_line.stack_choice import stack_choice
from autotag_cli.stack.target import Reply, Target, Transport
from autotag_cli.terminal.waiting import waiting_for

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

PROJECT = Path(__file__).resolve().parents[2]


def _post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    from autotag_cli.stack.http import post

    return post(url, headers, body)


def _status(url: str) -> int:
    from autotag_cli.stack.http import status_of

    return status_of(url)


def _find(name: str, region: str | None, profile: str | None) -> Target:
    from autotag_cli.stack.cloudformation import find

    with waiting_for(f"AWS, for the stack {name}"):
        return find(name, region, profile)


def _aws(target: Target, service: str) -> Any:
    from autotag_cli.stack.aws import client

    return client(target, service)


def _translate(region: str | None, profile: str | None) -> Any:
    from autotag_cli.stack.aws import translate_client

    return translate_client(region, profile)


@dataclass(frozen=True)
class Environment:
    """The environment of a command.

    ``variables`` are the environment variables. ``folders`` are where a local stack's files may be; ``find``
    looks a stack up in CloudFormation, by its name, in a region and with a profile (None: the usual ones).
    ``cloudinary`` replaces the network for calls to Cloudinary. ``aws`` returns a client of an AWS service, such as
    ``sqs``, for a stack. ``translate`` returns a client of Amazon Translate in a region and with a profile. ``now`` is
    in unix seconds. ``status`` returns the HTTP status that a URL answers a GET with. ``region`` and ``profile`` are
    those of the command line.
    """

    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)
    folders: tuple[Path, ...] = field(default_factory=lambda: (Path.cwd(), PROJECT))
    find: Callable[[str, str | None, str | None], Target] = _find
    post: Transport = _post
    cloudinary: "BaseAdapter | None" = None
    aws: Callable[[Target, str], Any] = _aws
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    region: str | None = None
    profile: str | None = None
    status: Callable[[str], int] = _status
    translate: Callable[[str | None, str | None], Any] = _translate


def environment_of(ctx: typer.Context) -> Environment:
    """Return the environment of a running command."""
    environment, given = ctx.ensure_object(Environment), stack_choice(ctx)
    return replace(environment, region=given.region, profile=given.profile)
