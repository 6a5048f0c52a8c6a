"""Who answers are recorded as: the caller that IAM authenticates."""

from typing import Any

from autotag_cli.errors import Failure
from autotag_cli.stack.aws import aws_errors
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target

UNKNOWN = "the caller of your AWS credentials"


def caller_of(environment: Environment, target: Target) -> str:
    """Return the ARN of the caller, or words for it if AWS does not say it; it is only shown."""
    try:
        with aws_errors("the caller cannot be determined"):
            identity: dict[str, Any] = environment.aws(target, "sts").get_caller_identity()
            return str(identity["Arn"])
    except Failure:
        return UNKNOWN
