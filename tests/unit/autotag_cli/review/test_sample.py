"""``autotag review sample``: random questions about each label, topped up, sent to the workers, and never doubled."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from typer.testing import Result

from tests.fakes.samples import resource
from tests.unit.autotag_cli.fake_ops import refusal
from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue

NO_HUMANS = '[defaults]\nthreshold = 0.7\ndeny = ["Human"]\n'
ALL = ("--share", "1")


def library(labels: Mapping[str, int], rules: str = "[defaults]\nthreshold = 0.7\n") -> FakeReviewQueue:
    """Return a stack with so many pictures of each label, spread over all confidences from 0.30 on."""
    stack = FakeReviewQueue(0)
    stack.fakes.rules.use(rules, 1)
    stack.ops.rule_store.push(rules)
    for name, pictures in labels.items():
        for n in range(pictures):
            stack.given(resource(f"{name.lower().replace(' ', '-')}{n}", {name: round(0.3 + 0.7 * n / pictures, 4)}))
    return stack


def sample(stack: FakeReviewQueue, *options: str) -> dict[str, Any]:
    """Run the command; return what it printed as JSON, once the workers have asked."""
    result = stack.autotag("sample", "--json", *options)
    assert result.exit_code == 0, result.stderr
    stack.sleep(1)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def asked(stack: FakeReviewQueue) -> Counter[str]:
    """Return how many questions at random there are about each label."""
    states = stack.fakes.store.items.values()
    return Counter(each.label for state in states for each in state.samples.values())


def sentences(result: Result) -> str:
    return " ".join(result.stderr.split())


def test_each_label_gets_its_questions_about_pictures_of_all_confidences() -> None:
    stack = library({"Dog": 200, "Cat": 100})
    found = sample(stack, *ALL)
    assert [(each["label"], each["asked"], each["left"]) for each in found["labels"]] == [
        ("Dog", 60, 0),
        ("Cat", 60, 0),
    ]
    assert asked(stack) == {"dog": 60, "cat": 60}
    states = stack.fakes.store.items.values()
    drawn = [each.confidence for state in states for each in state.samples.values() if each.label == "dog"]
    fifths = Counter(int((confidence - 3000) / 1400) for confidence in drawn)
    assert sorted(fifths) == [0, 1, 2, 3, 4] and min(fifths.values()) >= 9


def test_run_again_it_only_tops_up_and_asks_no_picture_twice() -> None:
    stack = library({"Dog": 200})
    assert sample(stack, "--per-label", "20")["asked"] == 20
    first = set(_sampled(stack))
    again = sample(stack, "--per-label", "20")
    assert again["asked"] == 0 and again["labels"][0]["waiting"] == 20
    assert sample(stack, "--per-label", "30")["asked"] == 10
    assert first < set(_sampled(stack)) and asked(stack) == {"dog": 30}


def _sampled(stack: FakeReviewQueue) -> list[str]:
    return [key for key, state in stack.fakes.store.items.items() if state.samples]


def test_two_who_run_it_at_once_ask_no_more_than_one() -> None:
    stack = library({"Dog": 200})
    for _ in range(2):  # the second one before a worker has asked what the first one wanted
        assert stack.autotag("sample", "--per-label", "20").exit_code == 0
    stack.sleep(1)
    assert asked(stack) == {"dog": 20}


def test_another_seed_draws_other_pictures_and_the_same_one_the_same() -> None:
    drawn = []
    for seed in ("1", "1", "2"):
        stack = library({"Dog": 100})
        sample(stack, "--per-label", "20", "--seed", seed)
        drawn.append(set(_sampled(stack)))
    assert drawn[0] == drawn[1] != drawn[2]


def test_answers_are_counted_and_then_the_next_step_is_to_suggest() -> None:
    stack = library({"Dog": 100})
    sample(stack, "--per-label", "3")
    one = stack.autotag("sample", "--per-label", "3")
    assert [row.split() for row in one.stdout.splitlines()] == [
        ["Label", "Answered", "Waiting", "Asked", "now", "Still", "to", "ask"],
        ["Dog", "0", "3", "0", "0"],
    ]
    assert "Next: answer them, with autotag review go --tag Dog or autotag console." in sentences(one)
    answered = stack.autotag("go", stdin="ara")
    assert answered.exit_code == 0, answered.stderr
    done = stack.autotag("sample", "--per-label", "3")
    assert done.stdout.splitlines()[1].split() == ["Dog", "3", "0", "0", "0"]
    assert done.stderr.endswith(
        "Every question is answered. Next: autotag rules suggest --stored; "
        "where that is not sure yet, --per-label 6 asks more.\n"
    )


def test_where_every_picture_is_answered_no_more_are_offered() -> None:
    stack = library({"Dog": 2})
    sample(stack, "--labels", "Dog", "--per-label", "3")
    assert stack.autotag("go", stdin="aa").exit_code == 0
    done = stack.autotag("sample", "--labels", "Dog", "--per-label", "3")
    assert done.stderr.endswith("Every question is answered. Next: autotag rules suggest --stored.\n")


@pytest.mark.parametrize("width", [30, 40, 60])
def test_every_label_and_number_is_there_on_a_narrow_terminal(width: int) -> None:
    stack = library({"Musical Instrument": 100})
    shown = stack.autotag("sample", "--per-label", "7", "--dry-run", columns=width).stdout
    assert all(len(line) <= width for line in shown.splitlines()) and "…" not in shown
    words = shown.split()
    assert {"Musical", "7"} <= set(words) and any(word.startswith("Instrument") for word in words)
    if width < 60:
        assert "Musical Instrument: 0 answered, 0 waiting, 7 would be asked, 0 still to ask" in " ".join(words)


def test_a_dry_run_asks_nothing_and_says_how_to_ask() -> None:
    stack = library({"Dog": 100})
    result = stack.autotag("sample", "--dry-run")
    assert result.stdout.splitlines()[1].split() == ["Dog", "0", "0", "60", "0"]
    assert "Nothing was asked. Next: the same without --dry-run asks 60 questions." in sentences(result)
    stack.sleep(1)
    assert asked(stack) == {} and {body["op"] for _, _, body in stack.ops.received} == {"rules", "scan"}


def test_the_most_frequent_labels_come_first_and_what_is_left_out_is_said() -> None:
    stack = library({"Dog": 70, "Cat": 90, "Cow": 65, "Bat": 5})
    result = stack.autotag("sample", "--daily", "120", *ALL)
    assert [row.split()[0] for row in result.stdout.splitlines()[1:]] == ["Cat", "Dog"]
    assert (
        "1 more label is on enough pictures, but it waits for a later run; --labels asks about one now."
        in sentences(result)
    )
    stack.sleep(1)
    stack.fakes.clock.advance(25 * 3600)
    later = sample(stack, "--daily", "120", *ALL)
    assert [(each["label"], each["asked"]) for each in later["labels"]] == [("Cat", 0), ("Dog", 0), ("Cow", 60)]


def test_named_labels_are_asked_about_however_rare_they_are() -> None:
    stack = library({"Dog": 70, "Bat": 5})
    found = sample(stack, "--labels", "bat", *ALL)
    assert [(each["label"], each["asked"], each["missing_pictures"]) for each in found["labels"]] == [("Bat", 5, 55)]
    said = sentences(stack.autotag("sample", "--labels", "bat"))
    assert "There are no more pictures to ask about for Bat 55: all that are left were asked about." in said


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Dgo", "no picture has the label 'Dgo'; did you mean Dog?"),
        ("Submarine", "no picture has the label 'Submarine'\n"),
        ("human", "no threshold of 'human' decides anything: it is denied or not allowed"),
    ],
)
def test_a_label_that_cannot_be_asked_about_is_refused_in_one_sentence(name: str, why: str) -> None:
    stack = library({"Dog": 3, "Human": 3}, NO_HUMANS)
    result = stack.autotag("sample", "--labels", name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"autotag: --labels: {why}" in result.stderr


def test_an_empty_library_and_too_small_ones_get_one_sentence() -> None:
    empty = library({}).autotag("sample")
    assert (empty.exit_code, empty.stdout) == (0, "") and "The stack knows no pictures yet" in empty.stderr
    small = library({"Dog": 3}).autotag("sample")
    assert (small.exit_code, small.stdout) == (0, "")
    assert "No label is on 60 of the 3 assets, so there is too little to learn from. --labels asks" in small.stderr


def test_nobody_is_asked_about_a_tag_that_a_person_has_decided_on_or_put_there() -> None:
    stack = library({"Dog": 60})
    stack.given(resource("mine", {"Dog": 0.5}, tags=("dog",)))
    sample(stack, "--per-label", "1")
    (answered,) = _sampled(stack)
    assert stack.autotag("go", stdin="r").exit_code == 0
    state = stack.fakes.store.items[answered]
    assert state.samples["dog"].answer == "reject"
    sample(stack, "--per-label", "100", *ALL)
    assert len(_sampled(stack)) == 60 and "mine" not in _sampled(stack)
    assert stack.fakes.store.items[answered].samples["dog"].answer == "reject"


def test_a_request_that_fails_midway_says_how_many_were_sent_and_can_be_repeated() -> None:
    stack = library({"Dog": 150})
    stack.fails["review_sample"] = [None, refusal(429, "")]
    failed = stack.autotag("sample", "--per-label", "150", *ALL)
    assert failed.exit_code == 1
    assert "; 100 questions were sent before, and running it again asks none of them twice" in failed.stderr
    stack.sleep(1)
    assert sample(stack, "--per-label", "150", *ALL)["asked"] == 50 and asked(stack) == {"dog": 150}
