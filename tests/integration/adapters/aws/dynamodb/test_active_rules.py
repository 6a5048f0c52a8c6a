"""The item that says which rules are active: pushes are numbered, and none is lost under another."""

from typing import Any

import pytest
from botocore.stub import Stubber

from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.domain.errors import Invalid, Retryable
from autotag.domain.rules.versions import Published
from tests.integration.adapters.conftest import Aws
from tests.integration.adapters.instrumented_clients import LosesAnswers

T0 = 1_791_460_800_000
ONE = Published("a" * 64, 1, "arn:aws:iam::123456789012:user/ada", T0, name="acme")
TWO = Published("b" * 64, 2, "arn:aws:iam::123456789012:user/bob", T0 + 1)


@pytest.fixture
def publication(aws: Aws) -> DynamoActiveRules:
    return DynamoActiveRules(aws.clients.dynamodb, aws.table("StateTable"))


def write(aws: Aws, **attributes: Any) -> None:
    """Write the item by hand."""
    aws.clients.dynamodb.put_item(TableName="StateTable", Item={"pk": {"S": "RULES#ACTIVE"}, **attributes})


def test_at_first_there_is_nothing(publication: DynamoActiveRules) -> None:
    assert publication.current() is None


def test_pushes_follow_each_other(publication: DynamoActiveRules) -> None:
    assert publication.publish(ONE, expected=0)
    assert publication.current() == ONE
    assert publication.publish(TWO, expected=1)
    assert publication.current() == TWO


def test_of_two_pushes_over_the_same_one_wins(publication: DynamoActiveRules) -> None:
    publication.publish(ONE, expected=0)
    assert not publication.publish(Published("c" * 64, 1, "x", T0), expected=0)
    assert publication.publish(TWO, expected=1)
    assert not publication.publish(Published("c" * 64, 2, "x", T0), expected=1)
    assert publication.current() == TWO


def test_a_push_whose_answer_was_lost_is_known_by_what_it_wrote(aws: Aws, publication: DynamoActiveRules) -> None:
    unlucky = DynamoActiveRules(LosesAnswers(aws.clients.dynamodb), "StateTable")
    assert unlucky.publish(ONE, expected=0)
    assert unlucky.publish(TWO, expected=1)
    assert publication.current() == TWO


def test_what_was_taken_up_is_noted_and_kept_by_later_pushes(publication: DynamoActiveRules) -> None:
    publication.publish(ONE, expected=0)
    publication.mark_good(ONE.hash, 1)
    publication.publish(TWO, expected=1)
    found = publication.current()
    assert found is not None and (found.last_good_hash, found.last_good_seq) == (ONE.hash, 1)
    assert (found.hash, found.seq) == (TWO.hash, 2)


@pytest.mark.parametrize(("version", "seq"), [(ONE.hash, 1), (ONE.hash, 2), (TWO.hash, 1)])
def test_what_is_not_active_any_more_is_not_noted(publication: DynamoActiveRules, version: str, seq: int) -> None:
    publication.publish(ONE, expected=0)
    publication.publish(TWO, expected=1)
    publication.mark_good(version, seq)
    assert publication.current() == TWO


def test_an_item_written_by_hand_is_read_as_far_as_it_goes_and_pushed_over(
    aws: Aws, publication: DynamoActiveRules
) -> None:
    write(aws, hash={"S": "f" * 64}, note={"S": "by hand"})
    assert publication.current() == Published("f" * 64)
    assert publication.publish(ONE, expected=0)
    assert publication.current() == ONE


@pytest.mark.parametrize("seq", [{"S": "1"}, {"N": "1.5"}, {"NULL": True}])
def test_an_item_that_is_none_is_refused(aws: Aws, publication: DynamoActiveRules, seq: dict[str, Any]) -> None:
    write(aws, hash={"S": "f" * 64}, seq=seq)
    with pytest.raises(Invalid, match="RULES#ACTIVE: the item cannot be read"):
        publication.current()
    assert not publication.publish(ONE, expected=1)


def test_a_table_that_does_not_answer_is_asked_again_later(aws: Aws, publication: DynamoActiveRules) -> None:
    with Stubber(aws.clients.dynamodb) as stub:
        for operation in ("get_item", "update_item", "update_item"):
            stub.add_client_error(operation, "InternalServerError")
        for call in (
            publication.current,
            lambda: publication.publish(ONE, expected=0),
            lambda: publication.mark_good(ONE.hash, 1),
        ):
            with pytest.raises(Retryable, match="DynamoDB: InternalServerError"):
                call()
