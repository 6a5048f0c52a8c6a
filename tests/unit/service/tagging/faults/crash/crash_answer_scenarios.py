"""Answers in the review queue, given and taken back, while processes die."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from autotag.domain.model.audit import audit_id
from autotag.domain.model.messages import AskSample, MessageOrigin, ReviewAnswered
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import person
from tests.unit.service.tagging.faults.crash.crash_scenarios import Step, fresh_upload, overwritten, review


def answered(fakes: Fakes, before: int = 0, **tags: Any) -> ReviewAnswered:
    """What a person answered about the first version, one after the other."""
    at = START + 60_000 + 1000 * before
    return ReviewAnswered("a1", 100, "arn:aws:iam::1:user/ada", at, MessageOrigin("review", f"{before:012d}"), **tags)


def accepted_and_rejected(fakes: Fakes) -> Sequence[Step]:
    """A person is asked about two tags, wants one of them and not the other; each answer comes twice."""
    fakes.rules.use("[defaults]\nthreshold = 0.9\nreview = 0.5\n", 0)
    both = answered(fakes, accept=("Guitar",), reject=("Musician",))
    return [*fresh_upload(fakes), both, both]


def rejected_then_new_version(fakes: Fakes) -> Sequence[Step]:
    """A rejected label is above its threshold on the next version."""
    again = overwritten(fakes, {"People": 0.99, "Musician": 0.99})
    return [*review(fakes), answered(fakes, reject=("Musician",)), again]


def rejected_though_ours(fakes: Fakes) -> Sequence[Step]:
    """A tag is ours, and a person who is asked about it all the same rejects it."""

    def ask() -> None:
        fakes.store.items["a1"] = replace(fakes.store.items["a1"], review=("Guitar",))

    return [*fresh_upload(fakes), ask, answered(fakes, reject=("Guitar",))]


def accepted_then_removed(fakes: Fakes) -> Sequence[Step]:
    """A person accepts a tag, and another takes it away later; an answer that comes again does not bring it back."""
    accept = answered(fakes, accept=("Musician",))

    def remove() -> None:
        tags = fakes.cloudinary.assets["a1"]["tags"]
        fakes.cloudinary.assets["a1"]["tags"] = [tag for tag in tags if tag != "Musician"]

    removal = person(removed=("Musician",), at=START + 7_200_000)
    return [*review(fakes), accept, lambda: fakes.clock.advance(7_200), remove, removal, accept]


def rejected_and_cleared(fakes: Fakes) -> Sequence[Step]:
    """A rejection is taken back, and the next version's labels give the tag."""
    reject, clear = answered(fakes, reject=("Musician",)), answered(fakes, 1, clear=("Musician",))
    return [*review(fakes), reject, clear, overwritten(fakes, {"People": 0.99, "Musician": 0.99})]


def taken_back(fakes: Fakes, of: ReviewAnswered, *tags: str, before: int = 1) -> ReviewAnswered:
    """That a person takes an answer back."""
    named = audit_id("a1", of.observed_at, of.source.digest[:12])
    return answered(fakes, before, undo=tuple((tag, named) for tag in tags))


def accepted_and_taken_back(fakes: Fakes) -> Sequence[Step]:
    """An accept and a reject are taken back, each by a message that comes twice, and the answers come once more."""
    fakes.rules.use("[defaults]\nthreshold = 0.9\nreview = 0.5\n", 0)
    both = answered(fakes, accept=("Guitar",), reject=("Musician",))
    undo = taken_back(fakes, both, "Guitar", "Musician")
    return [*fresh_upload(fakes), both, undo, undo, both]


def taken_back_before_it_is_carried_out(fakes: Fakes) -> Sequence[Step]:
    """The message that takes an accept back comes first."""
    accept = answered(fakes, accept=("Musician",))
    return [*review(fakes), taken_back(fakes, accept, "Musician"), accept]


def rejected_though_ours_and_taken_back(fakes: Fakes) -> Sequence[Step]:
    """The tag that a reject removed is written again."""
    *steps, reject = rejected_though_ours(fakes)
    assert isinstance(reject, ReviewAnswered)
    return [*steps, reject, taken_back(fakes, reject, "Guitar"), overwritten(fakes, {"People": 0.99, "Guitar": 0.8})]


def taken_back_in_vain(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses to write the tag again that a reject removed."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 2

    *steps, reject = rejected_though_ours(fakes)
    assert isinstance(reject, ReviewAnswered)
    return [*steps, reject, fill, taken_back(fakes, reject, "Guitar")]


def accepted_again(fakes: Fakes) -> Sequence[Step]:
    """An accept that was taken back is given again, and the message that took it back comes late once more."""
    accept = answered(fakes, accept=("Musician",))
    undo = taken_back(fakes, accept, "Musician")
    again = replace(answered(fakes, 2, accept=("Musician",)), by="arn:aws:iam::1:user/eve")
    return [*review(fakes), accept, undo, again, undo, accept]


def accepted_in_vain(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses the accepted tag for good."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 3

    return [*review(fakes), fill, answered(fakes, accept=("Musician",))]


def accepted_of_a_deleted_asset(fakes: Fakes) -> Sequence[Step]:
    """The asset is deleted before the answer is carried out."""

    def delete() -> None:
        fakes.cloudinary.assets.pop("a1", None)

    return [*review(fakes), delete, answered(fakes, accept=("Musician",))]


def asked_at_random(before: int, *labels: str, version: int = 100) -> AskSample:
    """A request for questions about the first version, one after the other."""
    return AskSample(
        "a1", version, labels, "ada", START + 60_000 + 1000 * before, MessageOrigin("sample", f"s{before}")
    )


def sampled_and_answered(fakes: Fakes) -> Sequence[Step]:
    """People are asked at random about a tag that is there and one that is not; the request comes twice."""
    request = asked_at_random(0, "Guitar", "Musician")
    both = answered(fakes, 1, accept=("Musician",), reject=("Guitar",))
    return [*fresh_upload(fakes), request, request, both, request]


def sampled_and_taken_back(fakes: Fakes) -> Sequence[Step]:
    """The answer is taken back, and the question is open again."""
    reject = answered(fakes, 1, reject=("Guitar",))
    request = asked_at_random(0, "Guitar")
    return [*fresh_upload(fakes), request, reject, taken_back(fakes, reject, "Guitar", before=2), request]


def sampled_in_vain(fakes: Fakes) -> Sequence[Step]:
    """Cloudinary refuses the accepted tag for good, and the question is open again."""

    def fill() -> None:
        fakes.cloudinary.most_tags = 3

    return [*fresh_upload(fakes), asked_at_random(0, "Musician"), fill, answered(fakes, 1, accept=("Musician",))]


def sampled_then_removed(fakes: Fakes) -> Sequence[Step]:
    """A person takes the tag away before anybody answers."""
    removal = person(removed=("Guitar",), at=START + 61_000)
    return [*fresh_upload(fakes), asked_at_random(0, "Guitar"), removal, asked_at_random(2, "Guitar")]


def sampled_then_new_version(fakes: Fakes) -> Sequence[Step]:
    """The questions are about a picture that is overwritten; a request about it comes too late."""
    again = overwritten(fakes, {"People": 0.99, "Musician": 0.99})
    late, newer = asked_at_random(1, "Guitar"), asked_at_random(2, "Musician", version=200)
    return [*fresh_upload(fakes), asked_at_random(0, "Musician"), again, late, newer]
