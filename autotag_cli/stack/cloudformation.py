"""Lookup of a deployed stack by its name, with the usual AWS environment, profile and region."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ProfileNotFound

from autotag.domain.errors import Invalid
from autotag_cli.errors import Failure
from autotag_cli.stack.loopback import is_loopback
from autotag_cli.stack.target import Keys, Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2})

_FUNCTION_URLS = ("OpsUrl", "ReviewUrl", "ViewUrl", "WebhookUrl")


def _open_session(region: str | None, profile: str | None) -> boto3.Session:
    # boto3 itself reads AWS_DEFAULT_REGION alone
    return boto3.Session(region_name=region or os.environ.get("AWS_REGION") or None, profile_name=profile)


def find(
    name: str,
    region: str | None = None,
    profile: str | None = None,
    open_session: Callable[[str | None, str | None], boto3.Session] = _open_session,
) -> Target:
    """Return the deployed stack ``name`` as a target; raises ``Invalid`` or ``Failure`` with a sentence.

    ``region`` and ``profile``: None are those of the environment.
    """
    try:
        session = open_session(region, profile)
        client = session.client("cloudformation", config=_CONFIG)
        outputs = outputs_of(client, name)
        credentials = session.get_credentials()
        keys = credentials.get_frozen_credentials() if credentials else None
        if keys is None or not keys.access_key or not keys.secret_key:
            raise NoCredentialsError
    except ProfileNotFound as error:
        raise Invalid("--profile" if profile else "AWS_PROFILE", str(error)) from error
    except NoRegionError as error:
        raise Invalid(
            "--region", "none is set, neither as AWS_REGION nor in the profile: expected one such as us-east-1"
        ) from error
    except NoCredentialsError as error:
        raise Failure("no AWS credentials were found: sign in, or set AWS_PROFILE") from error
    except ClientError as error:
        details = error.response.get("Error", {})
        raise Failure(f"AWS refused ({details.get('Code', 'Unknown')}): {details.get('Message', '')}") from error
    except BotoCoreError as error:
        raise Failure(f"the stack {name!r} cannot be looked up in AWS: {error}") from error
    endpoint = client.meta.endpoint_url if is_loopback(client.meta.endpoint_url) else None
    signing = Keys(keys.access_key, keys.secret_key, keys.token)
    return Target(name, outputs["OpsUrl"], client.meta.region_name, signing, outputs, endpoint)


def outputs_of(client: "CloudFormationClient", name: str) -> dict[str, str]:
    """Return the outputs of the stack ``name``, with Function URLs that can be called.

    Raises ``Invalid`` if there is no such stack or it is no autotag stack, and botocore's errors unchanged.
    """
    try:
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        details = error.response.get("Error", {})
        if details.get("Code") == "ValidationError" and "does not exist" in details.get("Message", ""):
            raise Invalid("stack", f"there is no {name!r} in {client.meta.region_name}") from error
        raise
    outputs = {output.get("OutputKey", ""): output.get("OutputValue", "") for output in stack.get("Outputs", [])}
    if not outputs.get("OpsUrl"):
        status = stack.get("StackStatus", "its state is unknown")
        raise Invalid("stack", f"{name!r} is not a stack of autotag: it has no output OpsUrl ({status})")
    urls = {key: _callable(url, client.meta.endpoint_url) for key, url in outputs.items() if key in _FUNCTION_URLS}
    return outputs | urls


def _callable(url: str, endpoint: str) -> str:
    """Return ``url``, or if ``endpoint`` is an emulator on this machine, the function's address there, by its label."""
    label = (urlsplit(url).hostname or "").split(".", 1)[0]
    return f"{endpoint.rstrip('/')}/_aws/lambda-url/{label}/" if is_loopback(endpoint) else url
