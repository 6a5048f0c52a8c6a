"""The review queue on the deployed stack: questions, accepted, rejected, cleared, and audited with the reviewer."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from autotag.domain.model.labels import label_key
from autotag.service.review.sample import LabelChoice
from autotag_cli.input.rules_file import SHIPPED
from local.clients.autotag_command import run_autotag
from local.clients.cloudinary import image_details, upload
from local.core.waiting import until
from local.stack.stack import Stack
from tests.e2e.stack_client import SOON, audits, ops, wait_for_audits

TAKEN_UP = 60.0
"""Seconds within which every running worker decides by the pushed rules."""

RULES_WITH_REVIEW = f"""{SHIPPED.read_text(encoding="utf-8")}
[[when]]
name = "ask"
folder = "e2e/review/**"  # no other test uploads there
set = {{ review = 0.5 }}
"""
QUESTIONS = {"Musician", "Performer"}

numbers = count(1)


@pytest.fixture(scope="module")
def asset(stack: Stack) -> Iterator[str]:
    """An asset with two tags in review, by pushed rules; the deployed ones are active afterwards."""
    ops(stack).push_rules(RULES_WITH_REVIEW, None)

    def decided() -> str:
        public_id = f"e2e/review/{next(numbers)}/guitarist"
        upload(stack.simulator_url, public_id)
        (audit,) = wait_for_audits(stack, public_id)
        return public_id if set(audit["tags"]["review"]) == QUESTIONS else ""

    yield until(decided, "workers to ask as the pushed rules say", within=TAKEN_UP + SOON)
    ops(stack).push_rules(SHIPPED.read_text(encoding="utf-8"), None)


def review(stack: Stack, *arguments: str) -> Any:
    answer = run_autotag(stack, "review", *arguments, "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def tags(stack: Stack, asset: str) -> set[str]:
    return set(image_details(stack.simulator_url, asset).get("tags", []))


def open_questions(stack: Stack, asset: str) -> set[str]:
    """Return the tags of an asset that are in the review queue."""
    entries = review(stack, "list", "--folder", "e2e/review/**")
    return {tag["tag"] for entry in entries if entry["asset"]["public_id"] == asset for tag in entry["tags"]}


def test_answers_are_carried_out_and_audited_with_who_gave_them(stack: Stack, asset: str) -> None:
    until(lambda: open_questions(stack, asset) == QUESTIONS, "the questions to be in the queue", within=SOON)
    before = tags(stack, asset)

    accepted = review(stack, "accept", asset, "Musician")
    assert [one["tag"] for one in accepted["done"]] == ["Musician"]
    assert tags(stack, asset) == before | {"Musician"}
    rejected = review(stack, "reject", asset, "Performer")
    assert [one["tag"] for one in rejected["done"]] == ["Performer"]
    assert tags(stack, asset) == before | {"Musician"}

    second, first, _ = audits(stack, asset)
    caller = ops(stack).rules()["active"]["pushed_by"]
    assert (first["trigger"]["kind"], first["reason"]) == ("review", f"accepted by {caller}: Musician")
    assert (second["trigger"]["kind"], second["reason"]) == ("review", f"rejected by {caller}: Performer")
    assert (first["tags"]["added"], first["tags"]["review"]) == (["Musician"], ["Performer"])
    until(lambda: open_questions(stack, asset) == set(), "the queue to be without it", within=SOON)

    again = run_autotag(stack, "review", "reject", asset, "Performer")
    assert again.stdout == f"rejected Performer of {asset}\n" and len(audits(stack, asset)) == 3


def test_a_rejected_tag_does_not_come_back_with_an_overwrite_until_it_is_cleared(stack: Stack, asset: str) -> None:
    known = len(audits(stack, asset))
    upload(stack.simulator_url, asset)
    youngest = wait_for_audits(stack, asset, count=known + 1)[0]
    outcomes = {label["label"]: label["outcome"] for label in youngest["labels"]}
    assert outcomes["Performer"] == "suppressed"
    assert "Performer" not in tags(stack, asset) | set(youngest["tags"]["review"])

    assert len(review(stack, "clear", asset, "Performer")["done"]) == 1
    upload(stack.simulator_url, asset)
    youngest = wait_for_audits(stack, asset, count=known + 3)[0]
    assert "Performer" in youngest["tags"]["review"]


def test_an_accept_is_taken_back_by_its_audit_and_the_question_is_in_the_queue_again(stack: Stack, asset: str) -> None:
    until(lambda: open_questions(stack, asset) == QUESTIONS, "the questions to be in the queue", within=SOON)
    before, known = tags(stack, asset), len(audits(stack, asset))
    (accepted,) = review(stack, "accept", asset, "Musician")["done"]
    assert tags(stack, asset) == before | {"Musician"}
    refused = run_autotag(stack, "review", "reject", asset, "Musician")
    assert refused.returncode == 1 and f"autotag review undo {accepted['audit_id']} Musician" in refused.stderr

    (undone,) = review(stack, "undo", accepted["audit_id"])["done"]
    assert tags(stack, asset) == before
    youngest, *older = audits(stack, asset)
    assert len(older) == known + 1 and youngest["audit_id"] == undone["audit_id"]
    assert (youngest["undid"], youngest["tags"]["removed"]) == (accepted["audit_id"], ["Musician"])
    until(lambda: open_questions(stack, asset) == QUESTIONS, "the question to be in the queue again", within=SOON)


def test_a_question_at_random_about_a_written_tag_is_answered_and_its_bar_is_kept(stack: Stack, asset: str) -> None:
    shown, (youngest, *older) = ops(stack).show(asset), audits(stack, asset)
    decision = next(audit for audit in [youngest, *older] if audit["trigger"]["kind"] == "webhook")
    kept = next(each for each in decision["labels"] if each["outcome"] == "kept" and each["tag"] in tags(stack, asset))
    choice = LabelChoice(shown["asset"]["asset_id"], kept["label"], shown["asset"]["version"])
    assert len(ops(stack).review_sample((choice, choice))["queued"]) == 1
    until(lambda: kept["tag"] in open_questions(stack, asset), "the question to be in the queue", within=SOON)
    assert audits(stack, asset) == [youngest, *older]

    review(stack, "reject", asset, kept["tag"])
    until(lambda: kept["tag"] not in open_questions(stack, asset), "the queue to be without it", within=SOON)
    assert kept["tag"] not in tags(stack, asset)
    state, key = ops(stack).show(asset, raw=True), label_key(kept["label"])
    (sample,) = state["samples"].values()
    assert (sample["answer"], sample["label"], sample["bar"]["threshold"]) == ("reject", key, kept["threshold"])
    assert state["people"][label_key(kept["tag"])]["bars"][key] == sample["bar"]
