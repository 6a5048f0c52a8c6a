"""Clients of AWS, made on first use and shared. botocore alone: importing boto3 would cost each cold start more."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from autotag.domain.errors import Retryable

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})


@cache
def _session() -> Any:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """Return the client of an AWS service such as ``sqs``."""
    return _session().create_client(service, config=_CONFIG)


@contextmanager
def asking(service: str) -> Iterator[None]:
    """Turn every failure of an AWS call into ``Retryable``: whatever it is, the message must not be lost."""
    try:
        yield
    except ClientError as error:
        raise Retryable(f"{service}: {error.response.get('Error', {}).get('Code', 'unknown error')}") from error
    except BotoCoreError as error:
        raise Retryable(f"{service}: {type(error).__name__}") from error
