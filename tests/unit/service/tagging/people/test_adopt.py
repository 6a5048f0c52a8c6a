"""Tags that Cloudinary's auto_tagging assigned: left alone, or adopted as machine tags."""

import pytest

from autotag.domain.errors import Permanent, Retryable
from autotag.service.tagging.person_edits import handle_tag_edit as act
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import person, resource, upload

LABELS = {"Plant": 0.93, "Lily Family": 0.5}
ASSIGNED = ("plant", "lily family", "press")


def tagged(rules: str) -> Fakes:
    fakes = Fakes(rules)
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=ASSIGNED)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    return fakes


def test_assigned_tags_are_left_alone_by_default() -> None:
    fakes = tagged("")

    assert fakes.cloudinary.tags("a1") == set(ASSIGNED) and fakes.store.items["a1"].managed_tags == {}


def test_adopted_tags_are_removed_where_the_rules_do_not_keep_them() -> None:
    fakes = tagged('[defaults]\nauto_tagged = "adopt"\ncase = "lower"\n')

    assert fakes.cloudinary.tags("a1") == {"plant", "press"}
    assert fakes.cloudinary.calls == [("remove", "stage/a1", ("lily family",))]
    (audit,) = fakes.audits.records.values()
    assert {o.label: o.outcome for o in audit.labels} == {"Plant": "kept", "Lily Family": "below_threshold"}


def test_adopted_tags_are_renamed_as_the_rules_say() -> None:
    fakes = tagged('[defaults]\nauto_tagged = "adopt"\n[labels.Plant]\ntag = "greenery"\n')

    assert fakes.cloudinary.tags("a1") == {"greenery", "press"}


def test_a_tag_that_a_person_added_is_never_adopted() -> None:
    fakes = Fakes('[defaults]\nauto_tagged = "adopt"\nthreshold = 0.99\n')
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=ASSIGNED)
    act(fakes.deps, person(added=("plant",), at=START), fakes.remaining)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"plant", "press"}


@pytest.mark.parametrize("mode", ["failed", "none"])
def test_nothing_is_adopted_where_nothing_is_decided(mode: str) -> None:
    fakes = Fakes('[defaults]\nauto_tagged = "adopt"\n')
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=ASSIGNED, status=mode)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == set(ASSIGNED) and fakes.store.items["a1"].managed_tags == {}


def test_adopted_tags_are_ours_while_what_was_decided_is_carried_out() -> None:
    fakes = Fakes('[defaults]\nauto_tagged = "adopt"\ncase = "lower"\n')
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=ASSIGNED)
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    act(fakes.deps, person(removed=("lily family", "press"), at=fakes.clock.now()), fakes.remaining)

    (audit,) = fakes.audits.records.values()
    assert (audit.trigger.kind, audit.tags.removed) == ("person", ("lily family",))


def test_adopted_tags_stay_ours_where_cloudinary_refuses_what_was_decided() -> None:
    """Rules that do not adopt any more then remove what they do not keep."""
    fakes = Fakes('[defaults]\nauto_tagged = "adopt"\ncase = "lower"\n')
    fakes.cloudinary.assets["a1"] = resource("a1", LABELS, tags=ASSIGNED)
    fakes.cloudinary.fails = [Permanent("Cloudinary answered 400: no")]
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    assert fakes.store.items["a1"].status == "failed" and fakes.cloudinary.tags("a1") == set(ASSIGNED)
    fakes.rules.use('[defaults]\ncase = "lower"\n', 1)
    again = upload(resource("a1", {**LABELS, "Cat": 0.99}, tags=ASSIGNED), fakes.clock.now(), "d2")
    handle(fakes.deps, again, fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"plant", "press", "cat"}
