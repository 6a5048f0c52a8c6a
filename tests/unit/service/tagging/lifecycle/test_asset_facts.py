"""Facts that rules ask about follow the asset: it is moved, its context changes, its folder gets another path."""

from itertools import permutations
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetDeleted, AssetMoved, ContextChanged, FolderMoved, Message, MessageOrigin
from autotag.domain.state.asset_state import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.runs.run_library import Library
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_faults_size import noise

MINUTE = 60_000
RULES = """
[defaults]
threshold = 0.7
[[when]]
folder = "press/**"
add = ["press photo"]
[[when]]
folder = "inbox/**"
add = ["to sort"]
[[when]]
context = { licence = "editorial" }
add = ["editorial use"]
"""


def asset(folder: str = "inbox", **changed: Any) -> dict[str, Any]:
    return resource("a1", GUITARIST) | {"asset_folder": folder} | changed


def given_in(folder: str = "inbox", rules: str = RULES) -> Fakes:
    """An asset in a folder of dynamic folder mode, decided on and tagged."""
    fakes = Fakes(rules)
    fakes.cloudinary.assets["a1"] = asset(folder)
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    return fakes


def moved(folder: str, at: int = START + MINUTE) -> AssetMoved:
    ref = AssetRef("a1", "stage/a1", "image", "upload", 0)
    return AssetMoved(ref, folder, at, MessageOrigin("move", f"m{at}{folder}"))


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
    handle(fakes.deps, context(licence="editorial", shot="desk"), fakes.remaining)
    assert "editorial use" in fakes.cloudinary.tags("a1")
    handle(fakes.deps, context(START + 2 * MINUTE, removed=("licence",), alt="x"), fakes.remaining)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.context == {"shot": "desk", "alt": "x"}
    assert "editorial use" not in fakes.cloudinary.tags("a1")
    kinds = [audit.trigger.kind for audit in fakes.audits.records.values()]
    assert kinds == ["webhook", "context", "context"]


def test_where_the_rules_only_note_a_move_nothing_is_decided_and_a_later_run_knows_it() -> None:
    fakes = given_in(rules=RULES.replace("threshold = 0.7", 'threshold = 0.7\non_move = "note"'))
    for message in (moved("press"), context(licence="editorial")):
        handle(fakes.deps, message, fakes.remaining)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and (facts.folder, facts.context) == ("press", {"licence": "editorial"})
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
    changes = [context(licence="editorial", shot="desk"), context(START + 2 * MINUTE, licence="free")]
    fakes.cloudinary.assets["a1"]["context"] = {"custom": {"licence": "free", "shot": "desk"}}
    for n in order:
        handle(fakes.deps, changes[n], fakes.remaining)
    come_to_rest(fakes)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.context == {"licence": "free", "shot": "desk"}
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


def folder(before: str, after: str, at: int, digest: str = "") -> FolderMoved:
    return FolderMoved(
        before, after, at, MessageOrigin("move_or_rename_asset_folder", (digest or f"{at}").ljust(64, "0"))
    )


def given_library(size: int = 40) -> Library:
    """Assets whose folder is "stage", "zoo" and so on, decided under rules about folders."""
    library = Library(size)
    for asset_id, state in library.fakes.store.items.items():
        assert state.facts is not None
        library.fakes.cloudinary.assets[asset_id]["asset_folder"] = "inbox/old" if int(asset_id[1:]) % 2 else "inbox"
        facts = replace(state.facts, folder=library.fakes.cloudinary.assets[asset_id]["asset_folder"])
        library.fakes.store.items[asset_id] = replace(state, facts=facts)
    library.fakes.rules.use(RULES, 1)
    library.finish(library.run())
    return library


@pytest.mark.parametrize("twice", [False, True])
def test_a_renamed_folder_becomes_a_run_over_the_assets_in_it(twice: bool) -> None:
    library = given_library()
    fakes = library.fakes
    runs, joint = len(fakes.runs.items), len(fakes.cloudinary.joint_calls)
    message = folder("inbox/old", "press/2026", fakes.clock.now())
    for _ in range(1 + twice):
        handle(fakes.deps, message, fakes.remaining)
    (run,) = list(fakes.runs.items.values())[runs:]
    library.finish(run.id)

    for asset_id, state in fakes.store.items.items():
        inside = int(asset_id[1:]) % 2
        assert state.facts is not None and state.facts.folder == ("press/2026" if inside else "inbox")
        tags = fakes.cloudinary.tags(asset_id)
        assert ("press photo" in tags) == bool(inside) and ("to sort" in tags) == (not inside)
    assert len(fakes.cloudinary.joint_calls) - joint <= 8  # two for each part of the table, not two for each asset
    kinds = [a.trigger.kind for a in fakes.audits.records.values() if a.trigger.request_id == run.id]
    assert kinds == ["moved"] * 20


def test_two_folders_moved_one_after_the_other_end_alike_whichever_run_is_first() -> None:
    for order in (0, 1):
        library = given_library()
        fakes = library.fakes
        at, known = fakes.clock.now(), set(fakes.runs.items)
        messages: list[Message] = [folder("inbox/old", "a", at), folder("a", "press", at + 5)]
        for message in messages[::-1] if order else messages:
            handle(fakes.deps, message, fakes.remaining)
        for run_id in sorted(fakes.runs.items.keys() - known, reverse=bool(order)):
            library.finish(run_id)
        for run_id in fakes.runs.items.keys() - known:
            library.finish(run_id)

        folders = {state.facts.folder for state in fakes.store.items.values() if state.facts}
        assert folders == {"inbox", "press"}


def test_an_asset_that_was_moved_or_seen_after_its_folder_stays_where_it_is() -> None:
    library = given_library(8)
    fakes = library.fakes
    at, known = fakes.clock.now(), set(fakes.runs.items)
    ref = fakes.store.items["a1"].asset
    handle(fakes.deps, AssetMoved(ref, "other", at + 9, MessageOrigin("move", "m")), fakes.remaining)
    handle(fakes.deps, folder("inbox/old", "press", at), fakes.remaining)
    (run_id,) = fakes.runs.items.keys() - known
    library.finish(run_id)

    facts = fakes.store.items["a1"].facts
    assert facts is not None and facts.folder == "other"


def test_a_context_for_which_there_is_no_room_has_the_asset_read_instead() -> None:
    fakes = given_in(rules=RULES.replace("threshold = 0.7", 'threshold = 0.7\non_move = "note"'))
    fakes.store.measured = True
    state = fakes.store.items["a1"]
    calls = {f"{n:04d}{'w' * 250}": state.writes["Guitar"] for n in range(1190)}
    fakes.store.items["a1"] = replace(state, writes=calls)
    noisy = {f"key{n}": word for n, word in enumerate(noise(40, 240))}
    handle(fakes.deps, replace(context(), set=noisy), fakes.remaining)

    after = fakes.store.items["a1"]
    assert after.facts is None and after.poll is not None and after.context_at == START + MINUTE


def in_arch(library: Library) -> None:
    """Let the assets of inbox/old be where two renames of their folder have brought them."""
    for asset_id, body in library.fakes.cloudinary.assets.items():
        if int(asset_id[1:]) % 2:
            body["asset_folder"] = "arch"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("between", ["press/2026", "a"])
def test_two_renames_of_a_folder_in_one_moment_end_where_it_is(
    order: tuple[int, int], at_once: bool, between: str
) -> None:
    """As they come without a time of their own: whole seconds do not tell which was first."""
    library = given_library(8)
    fakes = library.fakes
    in_arch(library)
    at = fakes.clock.now()
    renames = [folder("inbox/old", between, at, "a"), folder(between, "arch", at, "b")]
    for n in order:
        handle(fakes.deps, renames[n], fakes.remaining)
        if not at_once:
            library.poll()
            library.work()
            fakes.clock.advance(60)
    for run_id in list(fakes.runs.items):
        library.finish(run_id)

    folders = {asset_id: state.facts.folder for asset_id, state in fakes.store.items.items() if state.facts}
    assert folders == {asset_id: "arch" if int(asset_id[1:]) % 2 else "inbox" for asset_id in folders}
    assert not any("to sort" in fakes.cloudinary.tags(asset_id) for asset_id in folders if int(asset_id[1:]) % 2)


def test_a_folder_that_is_renamed_in_the_moment_of_an_upload_into_it_has_the_asset_read() -> None:
    library = given_library(8)
    fakes = library.fakes
    in_arch(library)
    seen = fakes.store.items["a1"].facts
    assert seen is not None
    handle(fakes.deps, folder("inbox/old", "arch", seen.observed_at), fakes.remaining)
    run_id = list(fakes.runs.items)[-1]
    library.finish(run_id)

    known = fakes.store.items["a1"].facts
    assert known is not None and known.folder == "arch" and "a1" in fakes.cloudinary.reads
    (audit,) = [a for a in fakes.audits.records.values() if (a.asset.asset_id, a.trigger.request_id) == ("a1", run_id)]
    assert audit.trigger.kind == "moved"
