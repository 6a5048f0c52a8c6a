"""``autotag setup`` finds out what an overwrite does to tags, stores it, and leaves nothing behind."""

import json
from typing import Any

import pytest
from typer.testing import Result

from autotag_cli.setup.overwrite_probe import TAG
from tests.unit.autotag_cli.fake_stack import DOCUMENT, FakeStack
from tests.unit.autotag_cli.setup.setup_command import run, steps

UNKNOWN = {name: value for name, value in DOCUMENT.items() if name != "keeps_tags"}


def stored(stack: FakeStack) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stack.aws.value or "{}")
    return found


def overwrites(result: Result) -> tuple[str, str]:
    step = steps(result)["overwrites"]
    return step["state"], step["told"]


@pytest.mark.parametrize("lists_kept", [True, False], ids=["its answer lists it", "an Admin read lists it"])
@pytest.mark.parametrize(("keeps", "words"), [(True, "the account keeps the tags"), (False, "the account clears")])
def test_what_an_overwrite_does_to_tags_is_found_out_and_stored(keeps: bool, words: str, lists_kept: bool) -> None:
    stack = FakeStack(UNKNOWN)
    stack.images.keeps_tags, stack.images.lists_kept = keeps, lists_kept
    result = run(stack, "--json")
    assert result.exit_code == 0, result.output
    assert overwrites(result)[0] == "done" and overwrites(result)[1].startswith(words)
    assert stored(stack) == UNKNOWN | {"keeps_tags": keeps} and stack.images.assets == {}


def test_the_secret_of_a_new_stack_is_written_once() -> None:
    stack = FakeStack()
    stack.signer = "222"
    assert run(stack).exit_code == 0
    assert (stack.aws.written, stored(stack)["keeps_tags"]) == (1, False)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_same_answer_changes_nothing(keeps: bool) -> None:
    stack = FakeStack(DOCUMENT | {"keeps_tags": keeps})
    stack.images.keeps_tags = keeps
    run(stack)
    result = run(stack, "--json")
    assert json.loads(result.stdout)["changed"] is False and stack.aws.written == 0
    assert overwrites(result)[0] == "unchanged"


def test_a_preference_that_was_changed_is_stored_and_said_in_one_line() -> None:
    stack = FakeStack(DOCUMENT)
    stack.images.keeps_tags = True
    result = run(stack)
    [line] = [line for line in result.stdout.splitlines() if line.startswith("overwrites")]
    assert line.split()[1] == "done"
    assert "keeps the tags of an overwritten image; before, it was known to clear them" in line
    assert stored(stack) == DOCUMENT | {"keeps_tags": True} and stack.aws.written == 1


FAULTS: dict[str, tuple[dict[tuple[str, int], int], str]] = {
    "the first upload is refused": ({("upload", 0): 403}, "Cloudinary does not allow this (403): no"),
    "nothing is allowed": ({("upload", 0): 403, ("destroy", 0): 403}, "Cloudinary does not allow this (403): no"),
    "the second upload is refused": ({("upload", 1): 403}, "Cloudinary does not allow this (403): no"),
    "the details are refused": ({("read", 0): 403}, "Cloudinary does not allow this (403): no"),
    "the image cannot be destroyed": ({("destroy", 0): 500}, "could not be destroyed, delete it in the Media Library"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("known", [True, False, None])
def test_without_an_answer_what_is_known_stays_and_the_rest_is_set_up(fault: str, known: bool | None) -> None:
    stack = FakeStack(UNKNOWN if known is None else DOCUMENT | {"keeps_tags": known})
    stack.images.fails, words = FAULTS[fault]
    before = stored(stack)
    result = run(stack, "--json")
    assert result.exit_code == 0, result.output
    state, said = overwrites(result)
    assert state == "not known" and words in said
    assert {True: "the account keeps", False: "the account clears", None: "it is not known"}[known] in said
    assert "--tags-kept" in steps(result)["overwrites"]["mend"]
    assert stored(stack) == before and steps(result)["probe"]["state"] == "done"
    left = [public_id for public_id in stack.images.assets if public_id in said]
    assert len(left) == len(stack.images.assets) == (fault == "the image cannot be destroyed")


def test_an_image_that_may_have_arrived_without_an_answer_is_destroyed() -> None:
    stack = FakeStack(DOCUMENT)
    stack.images.loses = 1
    result = run(stack, "--json")
    assert overwrites(result)[0] == "not known" and stack.images.assets == {}


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        ({"existing": True}, "did not let an upload overwrite"),
        ({"version": 999_999}, "are of another version"),
        ({"etag": "another"}, "are of another version"),
    ],
)
def test_an_overwrite_that_was_none_or_is_not_seen_yet_proves_nothing(odd: dict[str, Any], words: str) -> None:
    stack = FakeStack(DOCUMENT)
    stack.images.overwrites_as = odd
    result = run(stack, "--json")
    assert overwrites(result)[0] == "not known" and words in overwrites(result)[1]
    assert stored(stack) == DOCUMENT and stack.images.assets == {}


def test_a_tag_that_the_first_upload_does_not_get_proves_nothing() -> None:
    stack = FakeStack(DOCUMENT | {"keeps_tags": True})
    stack.images.strips_tags = True
    assert "does not list the tag" in overwrites(run(stack, "--json"))[1]
    assert stored(stack)["keeps_tags"] is True and stack.images.assets == {}


def test_a_dry_run_says_so_and_sends_no_image() -> None:
    stack = FakeStack(DOCUMENT)
    state, words = overwrites(run(stack, "--dry-run", "--json"))
    assert state == "planned" and "uploaded, overwritten and destroyed" in words and "account clears" in words
    assert stack.images.received == []


def test_without_a_probe_no_image_is_sent_and_what_is_known_stays() -> None:
    stack = FakeStack(DOCUMENT | {"keeps_tags": True})
    state, words = overwrites(run(stack, "--no-probe", "--json"))
    assert state == "left out" and "the account keeps the tags" in words
    assert stack.images.received == [] and stored(stack)["keeps_tags"] is True


@pytest.mark.parametrize(("option", "keeps"), [("--tags-kept", True), ("--tags-cleared", False)])
def test_who_knows_it_may_say_so_instead(option: str, keeps: bool) -> None:
    stack = FakeStack(UNKNOWN)
    planned = run(stack, "--no-probe", option, "--dry-run", "--json")
    assert overwrites(planned)[0] == "planned" and "keeps_tags" not in stored(stack)
    assert overwrites(run(stack, "--no-probe", option, "--json"))[0] == "done"
    assert stored(stack) == UNKNOWN | {"keeps_tags": keeps} and stack.images.received == []
    assert json.loads(run(stack, "--no-probe", option, "--json").stdout)["changed"] is False


def test_no_image_is_sent_to_an_account_that_the_stack_does_not_belong_to() -> None:
    stack = FakeStack(DOCUMENT | {"cloud_name": "other"})
    assert run(stack).exit_code == 1
    assert stack.images.received == [] and stack.aws.written == 0


def test_a_secret_that_was_stored_while_the_image_was_looked_at_is_kept() -> None:
    stack = FakeStack(UNKNOWN)
    meanwhile = UNKNOWN | {"notification_secrets": {"111": "signer", "333": "three"}}

    def store(asset_id: str) -> None:
        if len(stack.images.uploads) == 1:
            stack.aws.value = json.dumps(meanwhile)

    stack.images.on_upload = store
    run(stack, "--wait", "1")
    assert stored(stack) == meanwhile | {"keeps_tags": False}


def test_the_probe_of_the_chain_waits_for_its_own_image() -> None:
    stack = FakeStack(DOCUMENT)
    run(stack)
    stack.signer = None
    stack.aws.lines = [(stack.time + 1, {"message": "accepted", "key_id": "111", "assets": ["of-the-overwrite"]})]
    probe = steps(run(stack, "--json", "--wait", "5"))["probe"]
    assert probe["state"] == "failed" and "notification has not arrived" in probe["told"]


def test_the_first_upload_alone_sends_the_tag() -> None:
    stack = FakeStack(DOCUMENT)
    run(stack)
    assert [fields.get("tags") for fields in stack.images.uploads] == [TAG, None, None]
    assert not any("categorization" in fields for fields in stack.images.uploads)
    assert len({fields["file"] for fields in stack.images.uploads[:2]}) == 2
