"""Questions at random never flood the queue: a limit for a day, and a share of what waits."""

from tests.fakes.samples import resource
from tests.unit.autotag_cli.review.test_sample import asked, library, sample, sentences


def test_without_other_questions_sixty_may_wait_and_the_output_says_why_no_more() -> None:
    stack = library({"Dog": 100, "Cat": 100})
    result = stack.autotag("sample", "--labels", "Dog", "--labels", "Cat")
    assert [row.split()[-2:] for row in result.stdout.splitlines()[1:]] == [["60", "0"], ["0", "60"]]
    said = sentences(result)
    assert "at most 50% of the questions that wait, though 60 may always wait." in said
    assert "60 questions of 120 can be asked now; answer some and run it again, or set --share." in said
    stack.sleep(1)
    assert asked(stack) == {"dog": 60}
    assert sample(stack, "--labels", "Cat", "--share", "0.5")["asked"] == 0


def test_other_questions_that_wait_make_room() -> None:
    stack = library({"Dog": 100, "Cat": 100}, "[defaults]\nthreshold = 0.7\n[labels.Dog]\nthreshold = 0.99\n")
    review = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"
    stack.fakes.rules.use(review, 2)
    for n in range(100):
        stack.given(resource(f"cow{n}", {"Cow": 0.6}))
    found = sample(stack, "--labels", "Dog", "--labels", "Cat")
    assert found["limits"]["share"]["room"] == 100 and found["asked"] == 100


def test_the_limit_of_a_day_counts_all_runs_and_ends_with_the_day() -> None:
    stack = library({"Dog": 200})
    assert sample(stack, "--per-label", "30", "--daily", "40", "--share", "1")["asked"] == 30
    cut = stack.autotag("sample", "--daily", "40", "--share", "1")
    assert cut.stdout.splitlines()[1].split() == ["Dog", "0", "30", "10", "20"]
    assert "At most 40 are asked in 24 hours: 10 questions of 30 can be asked now. Run it again tomorrow" in sentences(
        cut
    )
    stack.sleep(1)
    assert sample(stack, "--daily", "40", "--share", "1")["asked"] == 0
    stack.fakes.clock.advance(24 * 3600)
    assert sample(stack, "--daily", "40", "--share", "1")["asked"] == 20
