"""Facts that rules ask about follow the asset: it is moved, or its context changes."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, ContextChanged, MessageOrigin
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_faults_size import noise
from tests.unit.service.tagging.lifecycle.folder_rules import MINUTE, RULES, moved


def asset(folder: str = "inbox", **changed: Any) -> dict[str, Any]:
    return resource("a1", GUITARIST) | {"asset_folder": folder} | changed


def given_in(folder: str = "inbox", rules: str = RULES) -> Fakes:
    """An asset in a folder of dynamic folder mode, decided on and tagged."""
    fakes = Fakes(rules)
    fakes.cloudinary.assets["a1"] = asset(folder)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes


def context(at: int = START + MINUTE, removed: tuple[str, ...] = (), **changed: str) -> ContextChanged:
    ref = AssetRef("a1", "stage/a1", "image", "upload", 0)
    return ContextChanged(ref, at, MessageOrigin("resource_context_changed", f"c{at}"), changed, removed)


def test_a_moved_asset_gets_the_tags_of_its_new_folder_and_loses_those_of_the_old_one() -> None:
    fakes = given_in()
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "to sort"}
    handle(fakes.deps, moved("press"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "press photo"} and fakes.cloudinary.reads == []
    audit = list(fakes.audits.records.values())[-1]
    assert (audit.trigger.kind, audit.trigger.notification_type) == ("moved", "move")
    assert (audit.tags.added, audit.tags.removed) == (("press photo",), ("to sort",))
    check(fakes)


def test_a_changed_context_is_decided_on_key_by_key() -> None:
    fakes = given_in()
    handle(fakes.deps, context(license="editorial", shot="desk"), fakes.remaining)
    assert "editorial use" in fakes.cloudinary.tags("a1")
    handle(fakes.deps, context(START + 2 * MINUTE, removed=("license",), alt="x"), fakes.remaining)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.context == {"shot": "desk", "alt": "x"}
    assert "editorial use" not in fakes.cloudinary.tags("a1")
    kinds = [audit.trigger.kind for audit in fakes.audits.records.values()]
    assert kinds == ["webhook", "context", "context"]


def test_where_the_rules_only_note_a_move_nothing_is_decided_and_a_later_run_knows_it() -> None:
    fakes = given_in(rules=RULES.replace("threshold = 0.7", 'threshold = 0.7\non_move = "note"'))
    for message in (moved("press"), context(license="editorial")):
        handle(fakes.deps, message, fakes.remaining)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and (facts.folder, facts.context) == ("press", {"license": "editorial"})
    assert fakes.outcomes() == ["tagged"] and fakes.cloudinary.tags("a1") == {"People", "Guitar", "to sort"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_moves_end_in_the_last_folder_in_whatever_order_and_however_often_they_are_told(order: tuple[int, ...]) -> None:
    fakes = given_in()
    moves = [moved("press"), moved("other", START + 2 * MINUTE), moved("press/2026", START + 3 * MINUTE)]
    for n in (*order, *order):
        handle(fakes.deps, moves[n], fakes.remaining)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.folder == "press/2026"
    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "press photo"}
    check(fakes)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_changes_of_context_end_alike_in_any_order(order: tuple[int, ...]) -> None:
    """A change that is older than a known one does not tell which of its keys still hold: a read does."""
    fakes = given_in()
    changes = [context(license="editorial", shot="desk"), context(START + 2 * MINUTE, license="free")]
    fakes.cloudinary.assets["a1"]["context"] = {"custom": {"license": "free", "shot": "desk"}}
    for n in order:
        handle(fakes.deps, changes[n], fakes.remaining)
    come_to_rest(fakes)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.context == {"license": "free", "shot": "desk"}
    assert "editorial use" not in fakes.cloudinary.tags("a1") and len(fakes.cloudinary.reads) == order[0]


def test_two_moves_of_one_time_have_the_asset_read() -> None:
    for folders in (("press", "other"), ("other", "press")):
        fakes = given_in()
        fakes.cloudinary.assets["a1"]["asset_folder"] = "press"
        for folder in folders:
            handle(fakes.deps, moved(folder), fakes.remaining)
        come_to_rest(fakes)

        facts = fakes.store.items["a1"].facts
        assert facts is not None and facts.folder == "press" and fakes.cloudinary.reads == ["a1"]


def test_an_upload_told_after_the_move_that_followed_it_does_not_bring_the_old_folder_back() -> None:
    fakes = given_in()
    handle(fakes.deps, upload(asset(), START + 2, "d2"), fakes.remaining)
    handle(fakes.deps, moved("press"), fakes.remaining)
    late = asset("inbox", version=200)
    fakes.cloudinary.assets["a1"] = asset("press", version=200, tags=[])
    handle(fakes.deps, upload(late, START + 30_000, "d3"), fakes.remaining)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.folder == "press" and "press photo" in fakes.cloudinary.tags("a1")


def test_a_move_told_before_the_upload_has_the_asset_read_when_that_is_told() -> None:
    fakes = Fakes(RULES)
    fakes.cloudinary.assets["a1"] = asset("press")
    fakes.clock.advance(120)
    handle(fakes.deps, moved("press"), fakes.remaining)
    assert due_work(fakes.store.items["a1"]) is None and fakes.cloudinary.reads == []
    handle(fakes.deps, upload(asset("inbox")), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "press photo"} and fakes.cloudinary.reads == ["a1"]


@pytest.mark.parametrize("number", range(1, 9))
def test_a_move_at_any_moment_of_an_open_intent_is_decided_on_afterwards(number: int) -> None:
    fakes = Fakes(RULES)
    fakes.cloudinary.assets["a1"] = asset()
    turns = iter(range(10**6))
    fakes.cloudinary.assets["a1"]["asset_folder"] = "press"
    fakes.effects.turn = lambda: handle(fakes.deps, moved("press"), fakes.remaining) if next(turns) == number else None
    handle(fakes.deps, upload(asset()), fakes.remaining)
    fakes.clock.advance(3600)
    come_to_rest(fakes)

    assert fakes.cloudinary.tags("a1") == {"People", "Guitar", "press photo"}
    check(fakes)


@pytest.mark.parametrize("before", ["pending", "gone", "timed out"])
def test_an_asset_that_has_no_decision_to_be_made_again_only_has_its_folder_known(before: str) -> None:
    fakes = Fakes(RULES)
    fakes.cloudinary.assets["a1"] = resource("a1", status="pending") | {"asset_folder": "inbox"}
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    if before == "gone":
        ref = AssetRef("a1", "stage/a1", "image", "upload", 100)
        handle(fakes.deps, AssetDeleted(ref, START + 9, MessageOrigin("delete", "x")), fakes.remaining)
    if before == "timed out":
        fakes.clock.advance(2 * 86400)
        come_to_rest(fakes)
    status, outcomes = fakes.store.items["a1"].status, fakes.outcomes()
    handle(fakes.deps, moved("press", fakes.clock.now()), fakes.remaining)

    state = fakes.store.items["a1"]
    assert state.facts is not None and state.facts.folder == "press"
    assert state.status == status and fakes.outcomes() == outcomes


def test_what_a_person_removed_stays_away_after_a_move() -> None:
    fakes = given_in()
    fakes.cloudinary.assets["a1"]["tags"].remove("Guitar")

    handle(fakes.deps, person(removed=("Guitar",), at=START + 1000), fakes.remaining)
    handle(fakes.deps, moved("press"), fakes.remaining)

    assert fakes.cloudinary.tags("a1") == {"People", "press photo"}


def test_a_context_for_which_there_is_no_room_has_the_asset_read_instead() -> None:
    fakes = given_in(rules=RULES.replace("threshold = 0.7", 'threshold = 0.7\non_move = "note"'))
    fakes.store.measured = True
    state = fakes.store.items["a1"]
    calls = {f"{n:04d}{'w' * 250}": state.writes["Guitar"] for n in range(1340)}
    fakes.store.items["a1"] = replace(state, writes=calls)
    noisy = {f"key{n}": word for n, word in enumerate(noise(40, 240))}
    handle(fakes.deps, replace(context(), set=noisy), fakes.remaining)

    after = fakes.store.items["a1"]
    assert after.facts is None and after.poll is not None and after.context_at == START + MINUTE
