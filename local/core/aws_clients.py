"""Clients of the emulated AWS."""

from typing import Any, Final

import boto3
from botocore.config import Config

from local.core.credentials import AWS_ENVIRONMENT

REGION: Final = AWS_ENVIRONMENT["AWS_DEFAULT_REGION"]


def aws_client(endpoint_url: str, service: str) -> Any:
    """Return a boto3 client of the emulator, with the credentials that it accepts and without any proxy."""
    session: Any = boto3.Session(
        aws_access_key_id=AWS_ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=AWS_ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
        region_name=REGION,
    )
    return session.client(service, endpoint_url=endpoint_url, config=Config(proxies={}))
