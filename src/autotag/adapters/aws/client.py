"""AWS clients, made on first use and shared. They use botocore alone: boto3 would make each cold start slower."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from autotag.domain.errors import Retryable

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,  # as many as ``adapters.threads`` makes calls at once
    parameter_validation=False,  # a fifth of each call's processor time; AWS refuses the same, and tests validate
)


@cache
def _session() -> Any:
    return botocore.session.get_session()


@cache
def client(service: str) -> Any:
    """Return the client of an AWS service such as ``sqs``."""
    return _session().create_client(service, config=_CONFIG)


@contextmanager
def asking(service: str) -> Iterator[None]:
    """Turn every failure of an AWS call into ``Retryable``: the message must not be lost, whatever the failure is."""
    try:
        yield
    except ClientError as error:
        raise Retryable(f"{service}: {error.response.get('Error', {}).get('Code', 'unknown error')}") from error
    except BotoCoreError as error:
        raise Retryable(f"{service}: {type(error).__name__}") from error
