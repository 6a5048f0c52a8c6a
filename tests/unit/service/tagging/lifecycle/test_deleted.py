"""A deletion and what is younger than it: when an asset is read, and when its tags are decided on again."""

import pytest
from msgspec.structs import replace

from autotag.domain.errors import Retryable
from autotag.domain.state.asset_state import Write
from autotag.domain.state.due_entry import due_work
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload
from tests.unit.service.settle import come_to_rest
from tests.unit.service.tagging.lifecycle.test_lifecycle import MINUTE, deleted
from tests.unit.service.tagging.reading.hinted_asset import hint
from tests.unit.service.tagging.tagged_asset import given_tagged

SEEN = START + 30 * MINUTE


def test_a_deletion_is_handled_once_and_a_repetition_is_counted() -> None:
    fakes = given_tagged()
    message = deleted(at=fakes.clock.now())
    handle(fakes.deps, message, fakes.remaining)
    assert "Duplicate" not in fakes.telemetry.counts
    rev = fakes.store.items["a1"].rev
    handle(fakes.deps, message, fakes.remaining)

    assert fakes.telemetry.counts["Duplicate"] == 1 and fakes.store.items["a1"].rev == rev


def test_a_later_deletion_of_an_asset_that_is_gone_is_remembered_and_nothing_else() -> None:
    fakes = given_tagged()
    at = fakes.clock.now()
    for later in (0, MINUTE):
        handle(fakes.deps, deleted(at=at + later), fakes.remaining)

    assert fakes.store.items["a1"].deleted_at == at + MINUTE and fakes.outcomes() == ["tagged", "gone"]
    assert "Duplicate" not in fakes.telemetry.counts


@pytest.mark.parametrize("hinted", [False, True])
def test_a_deletion_of_an_asset_of_which_nothing_else_is_known_is_remembered_without_an_audit(hinted: bool) -> None:
    fakes = Fakes()
    fakes.limits.hints = 0
    if hinted:
        handle(fakes.deps, hint(added=("Guitar",)), fakes.remaining)
    handle(fakes.deps, deleted(at=START + MINUTE), fakes.remaining)

    state = fakes.store.items["a1"]
    assert (state.status, state.deleted_at, state.claims, due_work(state)) == ("gone", START + MINUTE, {}, None)
    assert fakes.audits.records == {} and "Duplicate" not in fakes.telemetry.counts


@pytest.mark.parametrize(("at", "version"), [(SEEN, 1), (SEEN, 99), (SEEN + MINUTE, 99)])
def test_a_deletion_of_an_older_version_has_the_asset_read_at_once_and_nothing_decided_again(
    at: int, version: int
) -> None:
    fakes = given_tagged()
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), SEEN, "d2"), fakes.remaining)
    outcomes = fakes.outcomes()
    handle(fakes.deps, deleted(at=at, version=version), fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.outcomes() == outcomes
    assert fakes.store.items["a1"].deleted_at == 0 and due_work(fakes.store.items["a1"]) is None


@pytest.mark.parametrize(("at", "gone"), [(SEEN - 1, False), (SEEN, True)])
def test_a_deletion_is_believed_unless_the_asset_was_seen_after_it(at: int, gone: bool) -> None:
    fakes = given_tagged()
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), SEEN, "d2"), fakes.remaining)
    handle(fakes.deps, deleted(at=at), fakes.remaining)

    assert (fakes.store.items["a1"].status == "gone") == gone and len(fakes.cloudinary.reads) == (not gone)


@pytest.mark.parametrize(
    ("written", "restored_at", "again"),
    [
        ((SEEN - 1, SEEN + 1), 0, True),
        ((SEEN, SEEN + 1), 0, True),
        ((SEEN + 1, SEEN + 2), 0, False),
        ((SEEN - 1, SEEN + 1), SEEN - 1, True),
        ((SEEN - 1, SEEN + 1), SEEN, False),
    ],
)
def test_an_asset_that_came_back_is_decided_on_again_where_its_backup_may_lack_what_was_written(
    written: tuple[int, int], restored_at: int, again: bool
) -> None:
    """Once: of a second deletion before that nothing new is lost."""
    fakes = given_tagged()
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), SEEN, "d2"), fakes.remaining)
    state = fakes.store.items["a1"]
    calls = {tag: Write("add", at, 100) for tag, at in zip(("People", "Guitar"), written, strict=True)}
    fakes.store.items["a1"] = replace(state, writes=calls, restored_at=restored_at)
    fakes.cloudinary.fails = [Retryable("503")]
    handle(fakes.deps, deleted(at=SEEN - 5), fakes.remaining)

    after = fakes.store.items["a1"]
    assert after.deleted_at == SEEN - 5 and after.restored_at == SEEN and due_work(after) is not None
    assert after.decided == ("" if again else state.decided)


def test_a_deletion_that_finds_a_dead_process_s_intent_finishes_it_and_closes_the_asset_at_once() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.effects.die_at = (1, "before")
    with pytest.raises(Died):
        handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    fakes.effects.die_at = None
    fakes.cloudinary.assets.clear()
    fakes.clock.advance(3600)
    handle(fakes.deps, deleted(at=fakes.clock.now()), fakes.remaining)

    assert fakes.store.items["a1"].status == "gone" and fakes.store.items["a1"].deleted_at > 0


def test_a_deletion_and_an_upload_beside_an_open_intent_are_each_written_down_once() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    counted: list[dict[str, int]] = []

    def meanwhile() -> None:
        handle(fakes.deps, upload(resource("a1", {"Cat": 0.9}, version=200), START + MINUTE, "d2"), fakes.remaining)
        handle(fakes.deps, deleted(at=START + 2 * MINUTE, version=200), fakes.remaining)
        counted.append(dict(fakes.telemetry.counts))

    fakes.effects.meanwhile[1] = meanwhile
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    come_to_rest(fakes)

    assert counted == [{"TagCalls": 1}] and fakes.store.items["a1"].status == "gone"


def test_a_deletion_that_an_older_upload_overtakes_closes_the_asset_without_a_read() -> None:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    fakes.effects.meanwhile[0] = lambda: handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    handle(fakes.deps, deleted(at=START + MINUTE), fakes.remaining)

    assert fakes.store.items["a1"].status == "gone" and fakes.cloudinary.reads == []


def test_an_older_deletion_of_an_asset_that_a_read_found_gone_is_remembered_without_another_read() -> None:
    fakes = given_tagged()
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), SEEN, "d2"), fakes.remaining)
    fakes.cloudinary.assets.clear()
    handle(fakes.deps, hint(), fakes.remaining)
    handle(fakes.deps, deleted(at=SEEN - 5), fakes.remaining)

    assert fakes.store.items["a1"].deleted_at == SEEN - 5 and fakes.cloudinary.reads == ["a1"]


def test_an_older_deletion_has_the_asset_read_though_another_write_overtakes_it() -> None:
    fakes = given_tagged()
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"]), SEEN, "d2"), fakes.remaining)

    def overtaken() -> None:
        fakes.store.before_put = lambda: None
        state = fakes.store.items["a1"]
        fakes.store.items["a1"] = replace(state, rev=state.rev + 1)

    fakes.store.before_put = overtaken
    handle(fakes.deps, deleted(at=SEEN - 5), fakes.remaining)

    assert fakes.cloudinary.reads == ["a1"] and fakes.store.items["a1"].deleted_at == SEEN - 5
