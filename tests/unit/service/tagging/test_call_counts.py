"""What the metrics TagCalls and AdminCalls and the log of decisions say is what happened."""

from msgspec.structs import replace

from autotag.domain.errors import CredentialsRefused, Retryable
from autotag.domain.model.messages import MessageOrigin, ReviewAnswered
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.runs.run_library import NEW, Library

REVIEWED = "[defaults]\nthreshold = 0.7\nreview = 0.5\n"


def deliver(fakes: Fakes, status: str = "complete") -> None:
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", GUITARIST, status=status)), fakes.remaining)


def counted(fakes: Fakes) -> tuple[int, int]:
    """Return how many calls of tags and of the Admin API were counted."""
    return fakes.telemetry.counts.get("TagCalls", 0), fakes.telemetry.counts.get("AdminCalls", 0)


def decided(fakes: Fakes) -> list[tuple[object, object, object]]:
    """Return outcome, questions asked and questions answered of each decision in the log."""
    lines = [fields for event, fields in fakes.telemetry.lines if event == "decided"]
    return [(fields["outcome"], fields["asked"], fields["answered"]) for fields in lines]


def test_an_upload_with_labels_is_one_call_of_tags_and_no_admin_call() -> None:
    fakes = Fakes()
    deliver(fakes)
    assert counted(fakes) == (len(fakes.cloudinary.calls), 0) == (1, 0)


def test_a_pending_asset_that_is_read_is_one_admin_call_more() -> None:
    fakes = Fakes()
    deliver(fakes, "pending")
    fakes.clock.advance(61)
    a_minute(fakes)
    assert fakes.cloudinary.reads == ["a1"] and counted(fakes) == (1, 1)


def test_a_call_that_cloudinary_refuses_is_counted_and_one_that_the_breaker_holds_back_is_not() -> None:
    fakes = Fakes()
    fakes.cloudinary.fails = [CredentialsRefused("401")]
    deliver(fakes)
    assert counted(fakes) == (1, 0) and fakes.telemetry.counts["CredentialsRefused"] == 1
    fakes.clock.advance(130)
    a_minute(fakes)
    assert counted(fakes) == (1, 0)


def test_a_call_for_which_no_time_is_left_is_not_counted() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), lambda: 4.0)
    assert fakes.cloudinary.calls == [] and counted(fakes) == (0, 0)


def test_an_admin_call_that_the_budget_holds_back_is_not_counted() -> None:
    fakes = Fakes()
    deliver(fakes, "pending")
    fakes.limits.left = 0
    fakes.clock.advance(61)
    a_minute(fakes)
    assert fakes.cloudinary.reads == [] and counted(fakes) == (0, 0)


def test_a_run_counts_one_call_for_all_assets_that_it_is_made_for() -> None:
    library = Library(120)
    library.fakes.telemetry.counts.clear()
    library.fakes.cloudinary.calls.clear()
    library.fakes.rules.use(NEW, 1)
    library.finish(library.run())
    made = library.fakes.cloudinary
    assert 0 < len(made.joint_calls) < len(made.calls)
    assert counted(library.fakes) == (len(made.joint_calls), 0)


def test_a_backfill_counts_its_lists_and_its_reads() -> None:
    library = Library(4)
    library.fakes.telemetry.counts.clear()
    for n in range(5):
        name = f"lost{n}"
        library.fakes.cloudinary.assets[name] = resource(name, GUITARIST, public_id=f"lost/{n}", version=300)
    library.fakes.cloudinary.list_page = 3
    run = library.finish(library.run("backfill"))
    assert counted(library.fakes)[1] == run.counts.reads == 3 + len(library.fakes.cloudinary.reads)


def test_the_log_of_a_decision_says_its_outcome_and_how_many_questions_it_asks() -> None:
    fakes = Fakes(REVIEWED)
    deliver(fakes)
    assert decided(fakes) == [("tagged", 1, 0)]


def test_the_log_of_an_answer_counts_it_and_asks_nothing() -> None:
    fakes = Fakes("[defaults]\nthreshold = 0.8\nreview = 0.5\n")
    deliver(fakes)
    answer = ReviewAnswered(
        "a1", 100, "someone", fakes.clock.now(), MessageOrigin("", "f" * 64, ""), accept=("Guitar",)
    )
    handle(fakes.deps, answer, fakes.remaining)
    again = replace(answer, source=MessageOrigin("", "e" * 64, ""), accept=(), reject=("Musician",))
    handle(fakes.deps, replace(again, observed_at=fakes.clock.now()), fakes.remaining)
    assert decided(fakes) == [("tagged", 2, 0), ("tagged", 0, 1), ("unchanged", 0, 1)]


def test_a_call_that_fails_and_is_made_again_is_two() -> None:
    fakes = Fakes()
    fakes.cloudinary.fails = [Retryable("timeout")]
    deliver(fakes)
    fakes.clock.advance(3600)
    a_minute(fakes)
    assert len(fakes.cloudinary.calls) == 1 and counted(fakes) == (2, 0)
