"""What commands need of the world around them. The real one is made here; tests hand in another as Typer's ``obj``."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import typer

PROJECT = Path(__file__).resolve().parents[1]


class Keys(NamedTuple):
    """AWS credentials to sign a request with."""

    access_key: str
    secret_key: str
    token: str | None = None


class Target(NamedTuple):
    """The ops function of one stack, and how to sign requests to it."""

    stack: str
    ops_url: str
    region: str
    keys: Keys


class Reply(NamedTuple):
    """An HTTP answer."""

    status: int
    body: bytes


Transport = Callable[[str, Mapping[str, str], bytes], Reply]
"""Posts a body with headers to a URL; raises ``Failure`` where no answer comes."""


def _post(url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    from cli.http import post

    return post(url, headers, body)


def _find(name: str) -> Target:
    from cli.cloudformation import find

    return find(name)


@dataclass(frozen=True)
class Outside:
    """``folders`` are where a local stack's files may be; ``find`` looks a stack up in CloudFormation."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    folders: tuple[Path, ...] = field(default_factory=lambda: (Path.cwd(), PROJECT))
    find: Callable[[str], Target] = _find
    post: Transport = _post


def outside(ctx: typer.Context) -> Outside:
    """Return the world of a running command."""
    return ctx.ensure_object(Outside)
