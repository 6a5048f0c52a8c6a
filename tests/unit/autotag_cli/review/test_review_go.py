"""``autotag review go``: questions one by one, with their pictures, and back with ``u``."""

import pytest
from msgspec.structs import replace

from tests.fakes.samples import GUITARIST, resource
from tests.unit.autotag_cli.fake_ops import CALLER, refusal
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue

CLOUD = {"CLOUDINARY_URL": "cloudinary://1:not-shown@demo"}
LOCAL = {"CLOUDINARY_URL": "cloudinary://1:not-shown@demo?upload_prefix=http://127.0.0.1:8080"}


def test_go_asks_one_by_one_and_ends_when_nothing_is_left(stack: FakeReviewQueue) -> None:
    result = stack.autotag("go", stdin="ars", variables=CLOUD)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == ["accepted Musician of stage/a0", "rejected Musician of zoo/a1"]
    assert "Musician" in stack.tags("a0") and "Musician" not in stack.tags("a1") | stack.tags("a2")
    assert "Answered: 2." in result.stderr


def test_go_shows_the_picture_the_confidence_and_the_reason(stack: FakeReviewQueue) -> None:
    shown = stack.autotag("go", stdin="q", variables=CLOUD).stderr
    assert "https://res.cloudinary.com/demo/image/upload/v100/stage/a0.jpg\n" in shown
    for text in (
        "stage/a0",
        "Musician 0.5754",
        "0.70",
        "defaults.review, from 0.5 on a reviewer is asked",
        "2026-10-08T",
    ):
        assert text in shown
    assert "zoo/a1" not in shown and "not-shown" not in shown


@pytest.mark.parametrize(
    ("options", "variables", "url"),
    [
        ((), {}, ""),
        (("--cloud", "other"), CLOUD, "https://res.cloudinary.com/other/image/upload/v100/stage/a0.jpg"),
        ((), LOCAL, "http://127.0.0.1:8080/demo/image/upload/v100/stage/a0.jpg"),
    ],
)
def test_the_picture_is_of_the_named_cloud_or_the_local_one_or_left_out(
    stack: FakeReviewQueue, options: tuple[str, ...], variables: dict[str, str], url: str
) -> None:
    shown = stack.autotag("go", *options, stdin="q", variables=variables).stderr
    assert url in shown and ("http" in shown) is bool(url)


def test_a_picture_has_an_address_whatever_its_name(stack: FakeReviewQueue) -> None:
    stack.given(resource("b0", GUITARIST, public_id="zoo/räuber & co?.v1"))
    shown = stack.autotag("go", "--folder", "zoo", stdin="sq", variables=CLOUD).stderr
    assert "/image/upload/v100/zoo/r%C3%A4uber%20%26%20co%3F.v1.jpg" in shown


@pytest.mark.parametrize("keys", ["q", "", "\x04", "xyzq"])
def test_go_ends_when_told_and_nothing_is_answered(stack: FakeReviewQueue, keys: str) -> None:
    result = stack.autotag("go", stdin=keys)
    assert (result.exit_code, stack.reviews.sent) == (0, []) and "Nothing was answered." in result.stderr


def test_what_was_answered_before_the_end_is_carried_out(stack: FakeReviewQueue) -> None:
    state = stack.fakes.store.items["a0"]
    stack.fakes.store.items["a0"] = replace(state, review=("Musician", "Performer"))
    result = stack.autotag("go", stdin="aq")
    assert result.stdout == "accepted Musician of stage/a0\n"


def test_an_asset_that_is_overwritten_while_somebody_looks_is_not_answered(stack: FakeReviewQueue) -> None:
    newer = resource("a0", GUITARIST, version=200, public_id="stage/a0")
    stack.before["review_decide"] = lambda: stack.given(newer, "d2")
    result = stack.autotag("go", stdin="aq")
    assert result.exit_code == 1 and "'stage/a0' was overwritten since" in result.stderr
    assert "Musician" not in stack.tags("a0")


def test_u_asks_the_last_question_again_before_its_answer_is_sent(stack: FakeReviewQueue) -> None:
    stack.fakes.store.items["a0"] = replace(stack.fakes.store.items["a0"], review=("Musician", "Performer"))
    result = stack.autotag("go", stdin="auraq")
    assert result.stdout.splitlines() == ["rejected Musician of stage/a0", "accepted Performer of stage/a0"]
    assert "Answered: 2." in result.stderr and len(stack.reasons()) == 1


def test_u_takes_back_the_last_answer_that_was_sent_and_asks_again(stack: FakeReviewQueue) -> None:
    result = stack.autotag("go", stdin="aurq")
    assert (result.exit_code, result.stdout) == (0, "rejected Musician of stage/a0\n"), result.stderr
    assert "Musician" not in stack.tags("a0") and "Answered: 1." in result.stderr
    assert stack.reasons() == [f"{did} by {CALLER}: Musician" for did in ("accepted", "taken back", "rejected")]


def test_u_goes_back_answer_by_answer_as_often_as_it_is_pressed(stack: FakeReviewQueue) -> None:
    result = stack.autotag("go", stdin="aauuq")
    assert (result.exit_code, result.stdout) == (0, "") and "Nothing was answered." in result.stderr
    assert "Musician" not in stack.tags("a0") | stack.tags("a1")
    assert {state.review for state in stack.fakes.store.items.values()} == {("Musician",)}


def test_u_takes_back_the_very_last_answer_once_nothing_is_left(stack: FakeReviewQueue) -> None:
    result = stack.autotag("go", "--folder", "zoo", stdin="ausq")
    assert (result.exit_code, result.stdout) == (0, "") and "No question is left." in result.stderr
    assert "Musician" not in stack.tags("a1") and stack.fakes.store.items["a1"].review == ("Musician",)


def test_u_says_where_there_is_nothing_to_take_back_and_goes_on(stack: FakeReviewQueue) -> None:
    result = stack.autotag("go", stdin="uaq")
    assert "There is no answer to take back." in result.stderr
    assert result.stdout == "accepted Musician of stage/a0\n"


def test_u_says_why_an_answer_is_not_taken_back_and_it_stands(stack: FakeReviewQueue) -> None:
    stack.fails["review_decide"] = [None, refusal(503, "the table is down")]
    result = stack.autotag("go", stdin="auq")
    assert "Musician of stage/a0 was not taken back: " in result.stderr and "the table is down" in result.stderr
    assert (result.exit_code, result.stdout) == (0, "accepted Musician of stage/a0\n")
    assert "Musician" in stack.tags("a0")


def test_u_does_not_ask_again_before_the_answer_is_taken_back(stack: FakeReviewQueue) -> None:
    stack.works = False
    result = stack.autotag("go", "--wait", "0", stdin="auq")
    assert "Musician of stage/a0 was not taken back: it is still in progress" in result.stderr
    assert "Answered: 1." in result.stderr and len(stack.reviews.sent) == 2
