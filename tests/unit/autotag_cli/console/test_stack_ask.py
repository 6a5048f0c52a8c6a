"""Pages ask the stack: errors as pages know them, and credentials that expired are looked up again."""

import re
from collections.abc import Mapping

import pytest

from autotag.domain.errors import Conflict, Invalid, Missing, Retryable
from autotag.service.operations.api import Show
from autotag.service.review.choices import Choice
from autotag.service.review.requests import ReviewDecide
from autotag_cli.console.stack_ask import StackAsk
from autotag_cli.errors import Failure
from autotag_cli.stack.target import Keys, Reply, Target
from autotag_console.ask import Denied
from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.run_command import TARGET

FRESH = TARGET._replace(keys=Keys("AKID2", "sekrit2", "session2"))


class Aws:
    """Refuses every session but ``valid``; ``target`` is what a look-up finds."""

    def __init__(self, valid: str | None, target: Target = TARGET) -> None:
        self.valid, self.target, self.lookups = valid, target, 0

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        return Reply(200, b"{}") if headers["X-Amz-Security-Token"] == self.valid else Reply(403, b"expired")

    def look_up(self) -> Target:
        self.lookups += 1
        return self.target


@pytest.mark.parametrize(
    ("reply", "error", "sentence"),
    [
        (refusal(400, "asset: expected 1"), Invalid, "asset: expected 1"),
        (refusal(404, "no asset"), Missing, "no asset"),
        (refusal(409, "others were faster"), Conflict, "nothing was changed: others were faster"),
        (refusal(503, "the table is down"), Retryable, "is busy, try again: the table is down"),
        (Reply(429, b""), Retryable, "is busy, try again"),
        (Reply(500, b""), Retryable, "failed (500), its log says why"),
        (Reply(502, b"<html>"), Retryable, "failed (502)"),
    ],
)
def test_an_error_of_the_stack_is_one_that_pages_know(reply: Reply, error: type[Exception], sentence: str) -> None:
    ask = StackAsk(TARGET, lambda *_: reply, lambda: TARGET)
    with pytest.raises(error, match=re.escape(sentence)):
        ask(Show("a0"))


def test_a_stack_that_cannot_be_reached_may_be_asked_again() -> None:
    def unreachable(*_: object) -> Reply:
        raise Failure("ops cannot be reached")

    with pytest.raises(Retryable, match="ops cannot be reached"):
        StackAsk(TARGET, unreachable, lambda: TARGET)(Show("a0"))


def test_credentials_that_expired_are_looked_up_again() -> None:
    aws = Aws("session2", FRESH)
    ask = StackAsk(TARGET, aws.post, aws.look_up)
    assert ask(Show("a0")) == b"{}"
    assert ask(Show("a1")) == b"{}"
    assert aws.lookups == 1


def test_the_same_credentials_are_not_tried_twice_and_the_policy_is_named() -> None:
    aws = Aws(None, TARGET._replace(outputs={"ReviewerPolicyArn": "arn:reviewer"}))
    ask = StackAsk(aws.target, aws.post, aws.look_up)
    with pytest.raises(Denied, match=r"AWS does not let you review on 'prod'.*the policy arn:reviewer gives them"):
        ask(ReviewDecide((Choice("a0", "x", "accept"),)))


def test_fresh_credentials_that_are_refused_too_are_a_sentence() -> None:
    aws = Aws("another", FRESH)
    with pytest.raises(Denied, match="AWS does not let you view"):
        StackAsk(TARGET, aws.post, aws.look_up)(Show("a0"))


def test_a_session_that_is_over_says_to_sign_in() -> None:
    def over() -> Target:
        raise Failure("AWS refused (ExpiredToken): the token is expired")

    with pytest.raises(Denied, match=r"ExpiredToken.*Sign in to AWS again, then load this page again"):
        StackAsk(TARGET, Aws(None).post, over)(Show("a0"))
