"""Clients of AWS: where a stack is, with the credentials that found it; refusals in a sentence."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from autotag_cli.errors import Failure
from autotag_cli.stack.aws import aws_errors, client
from autotag_cli.stack.target import Keys
from tests.unit.autotag_cli.run_command import TARGET


def test_a_client_is_of_the_stacks_region_and_credentials() -> None:
    made = client(TARGET, "secretsmanager")
    assert made.meta.region_name == "eu-west-1"
    assert made.meta.endpoint_url == "https://secretsmanager.eu-west-1.amazonaws.com"
    signer = made._request_signer._credentials
    assert Keys(signer.access_key, signer.secret_key, signer.token) == TARGET.keys


def test_an_emulator_is_asked_where_it_is_and_never_through_a_proxy() -> None:
    made = client(TARGET._replace(endpoint_url="http://127.0.0.1:4566"), "sqs")
    assert (made.meta.endpoint_url, made.meta.config.proxies) == ("http://127.0.0.1:4566", {})


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            ClientError({"Error": {"Code": "ExpiredToken", "Message": "it is old"}}, "X"),
            r"refused \(ExpiredToken\): it",
        ),
        (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be called: Could not connect"),
    ],
)
def test_a_failure_says_what_could_not_be_done_and_why(error: Exception, sentence: str) -> None:
    with (
        pytest.raises(Failure, match=f"the queue cannot be read: .*{sentence}"),
        aws_errors("the queue cannot be read"),
    ):
        raise error
