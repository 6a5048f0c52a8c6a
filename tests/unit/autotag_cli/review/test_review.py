"""``autotag review``: the queue, answers in words, one by one and from a file, against the deployed code's own."""

import json

import pytest
from msgspec.structs import replace

from tests.fakes.samples import GUITARIST, resource
from tests.unit.autotag_cli.fake_ops import CALLER, refusal
from tests.unit.autotag_cli.fake_review_queue import ASKS, FakeReviewQueue

CLOUD = {"CLOUDINARY_URL": "cloudinary://1:not-shown@demo"}


@pytest.fixture
def stack() -> FakeReviewQueue:
    return FakeReviewQueue()


def test_list_shows_each_question_with_its_confidence_and_threshold_the_oldest_first(stack: FakeReviewQueue) -> None:
    result = stack.autotag("list")
    assert result.exit_code == 0
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["Asset", "Tag", "Confidence,", "threshold", "Since"]
    assert [row.split()[:3] for row in rows] == [
        [f"{n}", "Musician", "0.5754"] for n in ("stage/a0", "zoo/a1", "stage/a2")
    ]
    assert rows[0].split()[-3:] == ["0.70", "2026-10-08", "12:00"] and rows[2].endswith("12:02")
    assert result.stderr == ""


def test_list_tells_labels_of_another_name_and_what_the_rules_of_now_say(stack: FakeReviewQueue) -> None:
    stack.fakes.rules.use(ASKS + '[labels.Musician]\ntag = "artist"\n', 1)
    stack.given(resource("b0", {"Musician": 0.6, "Artist": 0.5}))
    out = stack.autotag("list").stdout
    assert "artist (Musician, Artist)" in out
    assert "under the active rules: review, defaults.review" in out


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("--folder", "zoo/**"), ["a1"]),
        (("--tag", "musician"), ["a0", "a1", "a2"]),
        (("--tag", "Cat"), []),
        (("--limit", "2"), ["a0", "a1"]),
        ((), ["a0", "a1", "a2"]),
    ],
)
def test_list_as_json_is_an_array_of_what_is_asked(
    stack: FakeReviewQueue, options: tuple[str, ...], names: list[str]
) -> None:
    result = stack.autotag("list", "--json", *options)
    assert [entry["asset"]["asset_id"] for entry in json.loads(result.stdout)] == names


def test_list_says_where_there_is_more_and_where_there_is_nothing(stack: FakeReviewQueue) -> None:
    assert "the 2 oldest; --limit lists more" in stack.autotag("list", "--limit", "2").stderr
    assert stack.autotag("list", "--limit", "3").stderr == ""
    nothing = stack.autotag("list", "--tag", "Cat")
    assert (nothing.exit_code, nothing.stdout) == (0, "") and "No tag is in review" in nothing.stderr


def test_list_goes_through_all_pages() -> None:
    stack = FakeReviewQueue(120)
    assert len(json.loads(stack.autotag("list", "--json", "--limit", "1000").stdout)) == 120
    assert len(stack.ops.received) == 2


def test_accept_writes_the_tag_and_says_so_once_it_is_there(stack: FakeReviewQueue) -> None:
    result = stack.autotag("accept", "stage/a0", "musician")
    assert (result.exit_code, result.stdout) == (0, "accepted musician of stage/a0\n")
    assert "Musician" in stack.tags("a0") and stack.slept
    assert stack.reasons() == [f"accepted by {CALLER}: Musician"]


def test_reject_and_clear_take_each_other_back(stack: FakeReviewQueue) -> None:
    assert stack.autotag("reject", "a1", "Musician").stdout == "rejected Musician of zoo/a1\n"
    assert stack.autotag("clear", "zoo/a1", "Musician").stdout == "cleared Musician of zoo/a1\n"
    assert stack.reasons() == [f"rejected by {CALLER}: Musician", f"cleared by {CALLER}: Musician"]


def test_the_same_command_again_is_done_already(stack: FakeReviewQueue) -> None:
    for _ in range(2):
        result = stack.autotag("reject", "a1", "Musician")
        assert (result.exit_code, result.stdout) == (0, "rejected Musician of zoo/a1\n")
    assert len(stack.reasons()) == 1


def test_what_is_refused_is_said_and_the_rest_is_done(stack: FakeReviewQueue) -> None:
    result = stack.autotag("accept", "a0", "Musician", "Cat")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "accepted Musician of stage/a0",
        "1 done, 1 refused, 0 still in progress",
    ]
    assert "a0, Cat: there is no question about 'Cat' of 'stage/a0'" in result.stderr


@pytest.mark.parametrize(("command", "tag"), [("clear", "Musician"), ("accept", "Guitar")])
def test_what_cannot_be_answered_is_a_no(stack: FakeReviewQueue, command: str, tag: str) -> None:
    result = stack.autotag(command, "a0", tag)
    assert result.exit_code == 1 and "a0, " in result.stderr and stack.reasons() == []


@pytest.mark.parametrize(("asset", "tag"), [("", "x"), ("a0", ""), ("a0", "x" * 256)])
def test_a_name_that_can_be_none_is_wrong_usage(stack: FakeReviewQueue, asset: str, tag: str) -> None:
    result = stack.autotag("accept", asset, tag)
    assert result.exit_code == 2 and result.stderr and stack.ops.received == []


def test_what_is_not_done_in_time_is_told_to_be_on_its_way(stack: FakeReviewQueue) -> None:
    stack.works = False
    result = stack.autotag("accept", "a0", "Musician", "--wait", "10")
    assert result.exit_code == 1
    assert result.stdout == "0 done, 0 refused, 1 still in progress\n"
    assert "Queued: Musician of stage/a0; no answer is lost" in result.stderr
    assert sum(stack.slept) == pytest.approx(10)


def test_nothing_is_waited_for_where_that_is_not_wanted(stack: FakeReviewQueue) -> None:
    result = stack.autotag("accept", "a0", "Musician", "--wait", "0", "--json")
    assert result.exit_code == 0 and stack.slept == [] and len(stack.reviews.sent) == 1
    (queued,) = json.loads(result.stdout)["under_way"]
    assert queued["audit_id"].startswith("a0.") and queued["verdict"] == "accept"


def test_a_look_that_fails_does_not_matter(stack: FakeReviewQueue) -> None:
    stack.fails["review_progress"] = [refusal(503, "the table is down")]
    assert stack.autotag("accept", "a0", "Musician").exit_code == 0
    assert len(stack.slept) == 2


def test_what_cloudinary_refuses_is_told_with_its_reason(stack: FakeReviewQueue) -> None:
    stack.fakes.cloudinary.most_tags = 2
    result = stack.autotag("accept", "a0", "Musician")
    assert result.exit_code == 1 and "more than 2 tags" in result.stderr


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
    ],
)
def test_the_picture_is_of_the_named_cloud_or_left_out(
    stack: FakeReviewQueue, options: tuple[str, ...], variables: dict[str, str], url: str
) -> None:
    shown = stack.autotag("go", *options, stdin="q", variables=variables).stderr
    assert url in shown and ("https" in shown) is bool(url)


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


def test_answers_come_from_a_file_in_either_form(stack: FakeReviewQueue) -> None:
    lines = ["a0\tMusician\taccept", "", json.dumps({"asset": "zoo/a1", "tag": "Musician", "verdict": "reject"}) + "\r"]
    result = stack.autotag("go", "--file", "-", "--json", stdin="\n".join(lines))
    assert result.exit_code == 0
    printed = json.loads(result.stdout)
    assert [(one["public_id"], one["verdict"]) for one in printed["done"]] == [
        ("stage/a0", "accept"),
        ("zoo/a1", "reject"),
    ]
    assert printed["refused"] == printed["under_way"] == []


def test_every_faulty_line_of_a_file_is_named_and_nothing_is_sent(stack: FakeReviewQueue) -> None:
    lines = [
        "a0\tMusician\taccept",
        "a0\tMusician",
        "a1\tMusician\tmaybe",
        '{"asset": "a1", "tag": "Musician"}',
        '{"x":' + "[" * 9999,
        "a0\tmusician\treject",
        "\tMusician\treject",
    ]
    result = stack.autotag("go", "--file", "-", stdin="\n".join(lines))
    assert result.exit_code == 2 and stack.ops.received == []
    faults = result.stderr.splitlines()
    assert [fault.split(":")[1].strip() for fault in faults] == [f"stdin, line {n}" for n in (2, 3, 4, 5, 6, 7)]
    assert "2 columns" in faults[0] and "`$.verdict`" in faults[1] and "line 1 says accept" in faults[4]


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_answers_is_wrong_input(stack: FakeReviewQueue, text: str) -> None:
    assert stack.autotag("go", "--file", "-", stdin=text).exit_code == 2


@pytest.mark.parametrize("option", ["--folder", "--tag", "--cloud"])
def test_what_is_of_no_use_with_a_file_is_refused(stack: FakeReviewQueue, option: str) -> None:
    result = stack.autotag("go", "--file", "-", option, "x", stdin="a0\tMusician\taccept")
    assert result.exit_code == 2 and option in result.stderr


def test_a_long_file_is_sent_by_the_hundred_and_summed_up() -> None:
    stack = FakeReviewQueue(250)
    text = "\n".join(f"a{n}\tMusician\t{'accept' if n % 2 else 'reject'}" for n in range(250))
    result = stack.autotag("go", "--file", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (0, "250 done, 0 refused, 0 still in progress\n")
    assert [len(body["decisions"]) for *_, body in stack.ops.received if body["op"] == "review_decide"] == [
        100,
        100,
        50,
    ]
    assert len(stack.reasons()) == 250


def test_a_stack_that_fails_half_way_tells_how_far_it_came_and_the_same_file_goes_on() -> None:
    stack = FakeReviewQueue(150)
    text = "\n".join(f"a{n}\tMusician\treject" for n in range(150))
    stack.fails["review_decide"] = [None, refusal(503, "the table is down")]
    result = stack.autotag("go", "--file", "-", stdin=text)
    assert result.exit_code == 1 and "100 answers were sent before" in result.stderr
    again = stack.autotag("go", "--file", "-", stdin=text)
    assert (again.exit_code, len(stack.reasons())) == (0, 150)


def accepted(stack: FakeReviewQueue) -> str:
    """Accept Musician of the first asset; return the id of the audit."""
    assert stack.autotag("accept", "a0", "Musician").exit_code == 0
    return next(audit.audit_id for audit in stack.fakes.audits.records.values() if audit.trigger.kind == "review")


@pytest.mark.parametrize("tags", [(), ("musician",)])
def test_undo_takes_an_accept_back_and_the_question_is_in_the_queue_where_it_was(
    stack: FakeReviewQueue, tags: tuple[str, ...]
) -> None:
    before = stack.autotag("list").stdout
    of = accepted(stack)
    result = stack.autotag("undo", of, *tags)
    assert (result.exit_code, result.stdout) == (0, f"took back {(*tags, 'Musician')[0]} of stage/a0\n"), result.stderr
    assert "Musician" not in stack.tags("a0") and stack.autotag("list").stdout == before
    assert stack.reasons() == [f"accepted by {CALLER}: Musician", f"taken back by {CALLER}: Musician"]
    assert [body["op"] for *_, body in stack.ops.received].count("audits") == 0


def test_undo_is_done_already_the_second_time_and_says_what_cannot_be_taken_back(stack: FakeReviewQueue) -> None:
    of = accepted(stack)
    for _ in range(2):
        assert stack.autotag("undo", of).exit_code == 0
    assert len(stack.reasons()) == 2
    result = stack.autotag("undo", of, "Guitar")
    assert result.exit_code == 1 and f"a0, Guitar: '{of}' says nothing about 'Guitar'" in result.stderr


@pytest.mark.parametrize("audit", ["", "a0", "a0.17.x", "stage/a0"])
def test_undo_of_what_is_no_audit_id_is_wrong_usage(stack: FakeReviewQueue, audit: str) -> None:
    result = stack.autotag("undo", audit)
    assert result.exit_code == 2 and "<asset_id>.<milliseconds>.<unique>" in result.stderr and stack.ops.received == []


def test_clear_takes_back_what_was_accepted(stack: FakeReviewQueue) -> None:
    accepted(stack)
    assert stack.autotag("clear", "a0", "Musician").stdout == "cleared Musician of stage/a0\n"
    assert "Musician" not in stack.tags("a0")


def test_the_refusal_of_the_opposite_answer_names_the_command_that_takes_the_first_back(stack: FakeReviewQueue) -> None:
    of = accepted(stack)
    result = stack.autotag("reject", "a0", "Musician")
    assert result.exit_code == 1 and f"autotag review undo {of} Musician" in result.stderr


def test_an_answer_in_a_file_takes_back_another(stack: FakeReviewQueue) -> None:
    line = json.dumps({"asset": "a0", "tag": "Musician", "verdict": "undo", "of": accepted(stack)})
    assert stack.autotag("go", "--file", "-", stdin=line).stdout == "took back Musician of stage/a0\n"
    result = stack.autotag("go", "--file", "-", stdin="a0\tMusician\tundo")
    assert result.exit_code == 2 and "names the audit" in result.stderr


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


def test_audits_shows_which_answer_was_taken_back(stack: FakeReviewQueue) -> None:
    of = accepted(stack)
    stack.autotag("undo", of)
    shown = stack.command("audits", "a0").stdout
    assert f"takes back  {of}" in shown and f"taken back by {CALLER}: Musician" in shown
