"""Reading where the ops function is from CloudFormation, with the exact request that it is asked by."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, EndpointConnectionError, NoRegionError, ProfileNotFound
from botocore.stub import Stubber

from autotag.domain.errors import Invalid
from autotag_cli.errors import Failure
from autotag_cli.stack.cloudformation import find, outputs_of
from autotag_cli.stack.target import Keys, Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

URL = "https://abc.lambda-url.eu-west-1.on.aws/"


@contextmanager
def cloudformation(endpoint: str | None = None) -> "Iterator[tuple[CloudFormationClient, Stubber]]":
    client = boto3.Session("AKID", "sekrit", region_name="eu-west-1").client("cloudformation", endpoint_url=endpoint)
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def described(**outputs: str) -> dict[str, Any]:
    stack: dict[str, Any] = {
        "StackName": "prod",
        "CreationTime": "2026-10-08T12:00:00Z",
        "StackStatus": "CREATE_COMPLETE",
    }
    return {"Stacks": [stack | {"Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in outputs.items()]}]}


def test_the_stacks_output_tells() -> None:
    with cloudformation() as (client, stub):
        stub.add_response("describe_stacks", described(WebhookUrl="x", OpsUrl=URL), {"StackName": "prod"})

        assert outputs_of(client, "prod") == {"WebhookUrl": "x", "OpsUrl": URL}


def test_an_emulator_on_this_machine_answers_for_its_function_urls_itself() -> None:
    with cloudformation("http://127.0.0.1:4566") as (client, stub):
        printed = described(OpsUrl=URL, WebhookUrl=URL, SecretArn="arn")
        stub.add_response("describe_stacks", printed, {"StackName": "prod"})

        called = "http://127.0.0.1:4566/_aws/lambda-url/abc/"
        assert outputs_of(client, "prod") == {"OpsUrl": called, "WebhookUrl": called, "SecretArn": "arn"}


def test_a_stack_that_is_not_there_is_named_with_its_region() -> None:
    with cloudformation() as (client, stub):
        stub.add_client_error("describe_stacks", "ValidationError", "Stack with id prdo does not exist", 400)

        with pytest.raises(Invalid, match="stack: there is no 'prdo' in eu-west-1"):
            outputs_of(client, "prdo")


def test_a_stack_of_something_else_is_no_stack_of_ours() -> None:
    with cloudformation() as (client, stub):
        stub.add_response("describe_stacks", described(BucketName="x"), {"StackName": "prod"})

        with pytest.raises(Invalid, match=r"not a stack of autotag: it has no output OpsUrl \(CREATE_COMPLETE\)"):
            outputs_of(client, "prod")


def test_other_refusals_stay_what_they_are() -> None:
    with cloudformation() as (client, stub):
        stub.add_client_error("describe_stacks", "ExpiredToken", "The security token has expired", 403)

        with pytest.raises(ClientError, match="ExpiredToken"):
            outputs_of(client, "prod")


class Session(boto3.Session):
    """A session whose client is stubbed."""

    def __init__(self, client: object, credentials: Credentials | None) -> None:
        self._client, self._credentials = client, credentials

    def client(self, *_: Any, **__: Any) -> Any:
        return self._client

    def get_credentials(self) -> Credentials | None:
        return self._credentials


def test_a_stack_is_found_with_the_credentials_of_the_session() -> None:
    with cloudformation() as (client, stub):
        stub.add_response("describe_stacks", described(OpsUrl=URL), {"StackName": "prod"})

        found = find("prod", open_session=lambda *_: Session(client, Credentials("AKID", "sekrit", "token")))

    assert found == Target("prod", URL, "eu-west-1", Keys("AKID", "sekrit", "token"), {"OpsUrl": URL}, None)


def test_a_stack_on_an_emulator_says_where_that_is() -> None:
    with cloudformation("http://127.0.0.1:4566") as (client, stub):
        stub.add_response("describe_stacks", described(OpsUrl=URL), {"StackName": "prod"})

        assert (
            find("prod", open_session=lambda *_: Session(client, Credentials("AKID", "x"))).endpoint_url
            == "http://127.0.0.1:4566"
        )


def test_region_and_profile_open_the_session() -> None:
    opened = []

    def open_session(region: str | None, profile: str | None) -> boto3.Session:
        opened.append((region, profile))
        return Session(client, Credentials("AKID", "sekrit"))

    with cloudformation() as (client, stub):
        stub.add_response("describe_stacks", described(OpsUrl=URL), {"StackName": "prod"})
        find("prod", "ap-south-1", "work", open_session)

    assert opened == [("ap-south-1", "work")]


def test_an_unknown_profile_of_the_command_line_is_named_by_its_option() -> None:
    with pytest.raises(Invalid, match=r"--profile: The config profile \(nosuch-profile\) could not be found"):
        find("prod", "eu-west-1", "nosuch-profile")


def test_without_credentials_nothing_can_be_signed() -> None:
    with cloudformation() as (client, stub):
        stub.add_response("describe_stacks", described(OpsUrl=URL), {"StackName": "prod"})

        with pytest.raises(Failure, match="no AWS credentials were found: sign in, or set AWS_PROFILE"):
            find("prod", open_session=lambda *_: Session(client, None))


def test_a_refusal_of_aws_is_one_sentence() -> None:
    with cloudformation() as (client, stub):
        stub.add_client_error("describe_stacks", "ExpiredToken", "The security token has expired", 403)

        with pytest.raises(Failure, match=r"AWS refused \(ExpiredToken\): The security token has expired"):
            find("prod", open_session=lambda *_: Session(client, Credentials("AKID", "sekrit")))


@pytest.mark.parametrize(
    "error, kind, sentence",
    [
        (ProfileNotFound(profile="x"), Invalid, r"AWS_PROFILE: The config profile \(x\) could not be found"),
        (NoRegionError(), Invalid, "--region: none is set, neither as AWS_REGION nor in the profile"),
        (
            EndpointConnectionError(endpoint_url="https://x"),
            Failure,
            "the stack 'prod' cannot be looked up in AWS: Could",
        ),
    ],
)
def test_what_is_missing_around_the_command_is_one_sentence(
    error: Exception, kind: type[Exception], sentence: str
) -> None:
    def broken(region: str | None, profile: str | None) -> boto3.Session:
        raise error

    with pytest.raises(kind, match=sentence):
        find("prod", open_session=broken)
