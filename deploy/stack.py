"""The deployed stack: its parameter values, and the partition of its region."""

from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.errors import DeployError


def open_session(profile: str | None, region: str | None) -> boto3.Session:
    """Return a session of the usual AWS environment; raises ``DeployError`` without a profile or a region."""
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
    except BotoCoreError as error:
        raise DeployError(f"AWS: {error}") from error
    if not session.region_name:
        raise DeployError("AWS: no region is set; expected AWS_DEFAULT_REGION, or region in samconfig.toml")
    return session


def partition_of(session: boto3.Session) -> str:
    """Return the partition of the session's region, such as ``aws`` or ``aws-cn``."""
    return session.get_partition_for_region(str(session.region_name))


def running_values(client: Any, stack: str) -> dict[str, str] | None:
    """Return the parameter values of the deployed stack, None if there is none; raises ``DeployError``."""
    try:
        (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as error:
        details = error.response.get("Error", {})
        if details.get("Code") == "ValidationError" and "does not exist" in details.get("Message", ""):
            return None
        raise DeployError(f"AWS refused ({details.get('Code')}): {details.get('Message')}") from error
    except BotoCoreError as error:
        raise DeployError(f"the stack {stack!r} cannot be looked up: {error}") from error
    if described["StackStatus"] == "REVIEW_IN_PROGRESS":  # a change set that was never carried out
        return None
    return {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}
