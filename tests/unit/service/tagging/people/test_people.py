"""What people do to tags is never undone."""

import pytest

from autotag.domain.errors import Retryable
from autotag.domain.model.messages import MessageOrigin, RefetchAsset
from autotag.service.tagging.person_edits import handle_tag_edit as act
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import come_to_rest

MINUTE = 60_000


def test_a_tag_that_a_person_removed_stays_removed_under_new_labels(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")
    act(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    again = upload(resource("a1", {**GUITARIST, "Cat": 0.99}), observed_at=fakes.clock.now(), digest="d2")
    handle(fakes.deps, again, fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People", "Cat"}
    last = list(fakes.audits.records.values())[-1]
    assert {o.label: o.outcome for o in last.labels}["Guitar"] == "suppressed"


def test_a_tag_that_a_person_removed_stays_removed_over_a_new_version_and_a_rename_by_rules(fakes: Fakes) -> None:
    act(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, version=200)
    fakes.rules.use('[labels.Guitar]\ntag = "six strings"\n', 1)
    message = upload(dict(fakes.cloudinary.assets["a1"]), observed_at=fakes.clock.now(), digest="d2")
    handle(fakes.deps, message, fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People"}


@pytest.mark.parametrize("user_tags", [False, True], ids=["written by the service", "put there by a person"])
def test_a_tag_that_a_person_removed_stays_removed_whatever_gives_it_under_another_prefix(user_tags: bool) -> None:
    fakes = Fakes()
    axe = '[labels.Axe]\ntag = "guitar"\n[labels."Electric Guitar"]\nparents = ["guitar"]\n[[when]]\nadd = ["guitar"]\n'
    fakes.rules.use(f'[defaults]\nprefix = "auto:"\n{axe}', 0)
    labels, tags = {"Axe": 0.9, "Electric Guitar": 0.8}, ("auto:guitar",) if user_tags else ()
    fakes.cloudinary.assets["a1"] = resource("a1", labels, tags=tags)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    assert "auto:guitar" in fakes.cloudinary.tags("a1")
    fakes.clock.advance(3600)
    fakes.cloudinary.assets["a1"]["tags"].remove("auto:guitar")
    act(fakes.deps, person(removed=("auto:guitar",), at=fakes.clock.now()), fakes.remaining)

    fakes.rules.use(axe, 1)
    later = {**labels, "Bass": 0.9}
    again = upload(resource("a1", later, tags=("auto:Electric Guitar",)), observed_at=fakes.clock.now(), digest="d2")
    handle(fakes.deps, again, fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"Electric Guitar", "Bass"}


def test_what_a_person_did_to_our_tags_is_audited_once(fakes: Fakes) -> None:
    change = person(removed=("Guitar",), at=fakes.clock.now(), digest="p")
    for _ in range(3):
        act(fakes.deps, change, fakes.remaining)

    audit = list(fakes.audits.records.values())[-1]
    assert len(fakes.audits.records) == 2
    assert (audit.trigger.kind, audit.tags.removed) == ("person", ("Guitar",))
    assert fakes.store.items["a1"].status == "tagged" and set(fakes.store.items["a1"].managed_tags) == {"People"}


def test_what_a_person_did_to_their_own_tags_is_not_audited(fakes: Fakes) -> None:
    act(fakes.deps, person(added=("press",), at=fakes.clock.now()), fakes.remaining)

    assert len(fakes.audits.records) == 1


def test_a_person_who_adds_a_tag_of_ours_makes_it_theirs(fakes: Fakes) -> None:
    act(fakes.deps, person(added=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    fakes.rules.use('[defaults]\ndeny = ["Guitar"]\n', 1)
    labels = {**GUITARIST, "Cat": 0.99}
    handle(fakes.deps, upload(resource("a1", labels), observed_at=fakes.clock.now(), digest="d2"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "Cat"}


def test_a_late_event_of_a_person_whom_we_overrode_is_repaired() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    # The removal happened before our write, and its notification comes after it.
    act(fakes.deps, person(removed=("Guitar",), at=START - MINUTE), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People"}


def test_a_record_is_announced_though_its_writer_died_and_the_tag_is_ours_no_more() -> None:
    """The record was put under an open intent that then took the tag off; the message is handled again after that."""
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(60)
    fakes.cloudinary.assets["a1"] = resource("a1", {"Cat": 0.9}, version=START // 1000 + 50)
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    again = upload(dict(fakes.cloudinary.assets["a1"]), START + 50_000, "d2")
    handle(fakes.deps, again, fakes.remaining)
    change = person(added=("Guitar",), at=START + 40_000)
    fakes.effects.die_at = (fakes.effects.done + 1, "before")
    with pytest.raises(Died):
        handle(fakes.deps, change, fakes.remaining)
    fakes.effects.die_at = None
    come_to_rest(fakes)
    handle(fakes.deps, change, fakes.remaining)

    assert {audit.audit_id for audit in fakes.bus.sent} == set(fakes.audits.records)


def test_a_removal_told_late_holds_though_our_call_for_an_older_picture_met_the_newer_one() -> None:
    """A read shows our own tag on the newer picture: no upload brought it."""
    fakes = Fakes()
    fakes.cloudinary.keeps = False
    fakes.clock.advance(60)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, version=START // 1000 + 50)
    handle(fakes.deps, upload(resource("a1", GUITARIST), START), fakes.remaining)
    handle(fakes.deps, RefetchAsset("a1", START, MessageOrigin("upload", "h")), fakes.remaining)
    handle(fakes.deps, person(removed=("Guitar",), at=START + 20_000), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People"}


def test_a_wish_that_comes_under_an_open_intent_is_done_by_whoever_finishes_it() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.cloudinary.fails = [Retryable("503", delay=60)]
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    act(fakes.deps, person(removed=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    fakes.clock.advance(600)
    a_minute(fakes)

    assert fakes.cloudinary.tags("a1") == {"People"}
    assert set(fakes.store.items["a1"].managed_tags) == {"People"}


def test_an_older_wish_never_replaces_a_younger(fakes: Fakes) -> None:
    now = fakes.clock.now()
    act(fakes.deps, person(added=("Guitar",), at=now), fakes.remaining)
    act(fakes.deps, person(removed=("Guitar",), at=now - MINUTE), fakes.remaining)

    assert fakes.store.items["a1"].people["guitar"].want == "add"


def test_a_persons_event_before_the_first_upload_message_is_remembered() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    act(fakes.deps, person(removed=("Guitar",), at=START + 5), fakes.remaining)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People"}
