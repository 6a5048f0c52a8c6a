"""AWS clients, made on first use and shared. They use botocore alone: boto3 would make each cold start slower."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader

from autotag.domain.errors import Retryable

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,  # as many as ``adapters.threads`` makes calls at once
    parameter_validation=False,  # AWS checks them, too, and the check takes a tenth of a call's processor time
)


class _Descriptions(Loader):
    """Finds the descriptions of the services that functions use.

    botocore's own looks into the folders of all its four hundred services first, in each cold start.
    """

    def list_available_services(self, type_name: str) -> list[str]:
        return ["dynamodb", "events", "rekognition", "s3", "secretsmanager", "sqs"]


@cache
def _session() -> Any:
    session = botocore.session.get_session()
    session.register_component("data_loader", _Descriptions())
    return session


@cache
def client(service: str) -> Any:
    """Return the client of an AWS service such as ``sqs``."""
    return _with_exceptions(_session().create_client(service, config=_CONFIG))


_ONCE = _CONFIG.merge(Config(read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}))


@cache
def client_that_tries_once(service: str) -> Any:
    """Return the client of an AWS service whose calls cost money: none is repeated by itself."""
    return _with_exceptions(_session().create_client(service, config=_ONCE))


def _with_exceptions(made: Any) -> Any:
    """Have the client make its classes of exceptions: two threads that need them first would get different ones."""
    made.exceptions  # noqa: B018 - a property that makes them (botocore.errorfactory)
    return made


@contextmanager
def asking(service: str) -> Iterator[None]:
    """Turn every failure of an AWS call into ``Retryable``: the message must not be lost, whatever the failure is."""
    try:
        yield
    except ClientError as error:
        raise Retryable(f"{service}: {error.response.get('Error', {}).get('Code', 'unknown error')}") from error
    except BotoCoreError as error:
        raise Retryable(f"{service}: {type(error).__name__}") from error
