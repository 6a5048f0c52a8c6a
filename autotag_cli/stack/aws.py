"""Clients of the AWS services of a stack, and their errors as sentences."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from autotag_cli.errors import Failure
from autotag_cli.stack.target import Target

_LIMITS: dict[str, Any] = {
    "connect_timeout": 5,
    "read_timeout": 20,
    "retries": {"mode": "standard", "total_max_attempts": 3},
}

TRANSLATE_ATTEMPTS = 8
"""How often Amazon Translate is asked for a word before the command gives up."""


def client(target: Target, service: str) -> Any:
    """Return a client of ``service``, such as ``secretsmanager``, with the credentials that found the stack."""
    session: Any = boto3.Session(*target.keys, region_name=target.region)
    if target.endpoint_url is None:
        return session.client(service, config=Config(**_LIMITS))
    # an emulator on this machine, which no proxy can reach
    return session.client(service, endpoint_url=target.endpoint_url, config=Config(**_LIMITS, proxies={}))


def translate_client(region: str | None, profile: str | None) -> Any:
    """Return a client of Amazon Translate; ``region`` and ``profile``: None are those of the environment."""
    # boto3 itself reads AWS_DEFAULT_REGION alone
    session: Any = boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None, profile_name=profile)
    retries = {"mode": "standard", "total_max_attempts": TRANSLATE_ATTEMPTS}
    return session.client("translate", config=Config(**{**_LIMITS, "retries": retries}))


@contextmanager
def aws_errors(what: str) -> Iterator[None]:
    """Turn each error of an AWS call into a ``Failure`` that begins with ``what``, a sentence, and says why."""
    try:
        yield
    except ClientError as error:
        details = error.response.get("Error", {})
        raise Failure(
            f"{what}: AWS refused ({details.get('Code', 'Unknown')}): {details.get('Message', '')}"
        ) from error
    except BotoCoreError as error:
        raise Failure(f"{what}: AWS cannot be called: {error}") from error
