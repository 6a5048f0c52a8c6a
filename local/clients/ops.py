"""The operators' function of a local stack."""

from autotag_cli.stack import http
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Keys, Target
from local.core.credentials import AWS_ENVIRONMENT
from local.stack.stack import Stack


def ops(stack: Stack) -> OpsClient:
    """Return a client of the operators' function."""
    keys = Keys(AWS_ENVIRONMENT["AWS_ACCESS_KEY_ID"], AWS_ENVIRONMENT["AWS_SECRET_ACCESS_KEY"])
    return OpsClient(Target(stack.stack, stack.outputs["OpsUrl"], stack.region, keys, stack.outputs), http.post)
