"""``make deploy`` checks names and values against the template before anything is built."""

import pytest

from deploy.errors import DeployError
from deploy.parameters import check_partition, check_values, parameters_of
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
    check_partition(topic, "aws-cn", "SET")
    with pytest.raises(DeployError, match="AlarmTopicArn is an ARN of aws-cn; expected one of aws"):
        check_partition(topic, "aws", "SET")
