"""``make deploy`` checks names and values against the template before anything is built."""

import pytest

from deploy.errors import DeployError
from deploy.parameters import check_place, check_values, parameters_of
from tests.infra.sam_transform import read_template

PARAMETERS = parameters_of(read_template())
NUMBERS = [name for name, parameter in PARAMETERS.items() if parameter.number]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LogLevl", "WARNING", "SET: the template has no parameter 'LogLevl'; did you mean LogLevel?"),
        ("Zzz", "1", "SET: the template has no parameter 'Zzz'; docs/operations.md, Settings, lists them"),
        ("LogLevel", "DEBUG", "SET: LogLevel='DEBUG' is not valid; expected one of INFO, WARNING"),
        ("PendingDeadlineSeconds", "59", "expected a whole number from 60 to 604,800"),
        ("CloudinaryApiBase", "https://-.:99999", "expected an https origin without a path"),
        ("RolePath", "autotag", "expected a path that begins and ends with a slash"),
    ],
)
def test_a_wrong_name_or_value_is_one_sentence_that_says_what_was_expected(
    name: str, value: str, sentence: str
) -> None:
    with pytest.raises(DeployError) as caught:
        check_values(PARAMETERS, {name: value}, "SET")
    assert sentence in str(caught.value)


def test_every_number_of_the_template_refuses_a_fraction() -> None:
    assert len(NUMBERS) >= 11
    for name in NUMBERS:
        for value in ("1.5", "1e2", "", "one"):
            with pytest.raises(DeployError):
                check_values(PARAMETERS, {name: value}, "SET")


def test_every_default_of_the_template_is_valid() -> None:
    check_values(PARAMETERS, {name: parameter.default for name, parameter in PARAMETERS.items()}, "SET")


def test_an_arn_of_another_partition_is_refused() -> None:
    topic = {"AlarmTopicArn": "arn:aws-cn:sns:cn-north-1:123456789012:alarms"}
    check_place(topic, "aws-cn", "cn-north-1", "SET")
    with pytest.raises(DeployError, match="AlarmTopicArn is an ARN of aws-cn; expected one of aws"):
        check_place(topic, "aws", "us-east-1", "SET")


@pytest.mark.parametrize(
    ("name", "arn"),
    [
        ("AlarmTopicArn", "arn:aws:sns:eu-west-1:123456789012:alarms"),
        ("KmsKeyArn", "arn:aws:kms:eu-west-1:123456789012:key/abc"),
    ],
)
def test_an_arn_of_another_region_is_refused(name: str, arn: str) -> None:
    check_place({name: arn}, "aws", "eu-west-1", "SET")
    with pytest.raises(DeployError, match=f"{name} is an ARN of eu-west-1; expected one of us-east-1"):
        check_place({name: arn}, "aws", "us-east-1", "SET")


def test_an_arn_without_a_region_goes_everywhere() -> None:
    check_place({"PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary"}, "aws", "us-east-1", "SET")


def test_digits_of_other_scripts_are_no_number() -> None:
    with pytest.raises(DeployError, match="expected a whole number"):
        check_values(PARAMETERS, {"PollFirstDelaySeconds": "٣"}, "SET")
