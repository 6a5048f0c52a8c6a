"""Questions at random never flood the queue: a limit for a day, and a share of what waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotag.domain.learning.sampling import LEAST, SamplePool, room_for
from tests.fakes.samples import resource
from tests.unit.autotag_cli.review.test_sample import asked, library, sample, sentences


@given(
    waiting=st.integers(0, 10_000),
    samples=st.integers(0, 10_000),
    share=st.sampled_from([0.01, 0.1, 0.25, 0.5, 0.9, 0.99]),
)
def test_samples_are_never_more_than_their_share_of_what_waits_but_a_few_may_always_wait(
    waiting: int, samples: int, share: float
) -> None:
    pool = SamplePool("0", waiting=waiting, sampled=samples)
    room = room_for(pool, daily=10**9, share=share).both
    assert room >= LEAST - samples

    def is_allowed(more: int) -> bool:
        return samples + more <= max(LEAST, share * (waiting + samples + more) + 1e-6)

    assert room == 0 or is_allowed(room)
    assert not is_allowed(room + 1)


@pytest.mark.parametrize(("today", "room"), [(0, 240), (200, 40), (240, 0), (300, 0)])
def test_a_day_has_its_limit_whatever_was_asked_before(today: int, room: int) -> None:
    assert room_for(SamplePool("0", recent=today), daily=240, share=1).both == room


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
