"""What is said at one and the same time ends alike, in whatever order and however often it comes."""

import json
from itertools import permutations, product

import pytest

from autotag.adapters.aws.sqs import _fitting
from autotag.domain.model.messages import AssetRenamed, LabelsObserved, MessageOrigin, TagsEdited, decode
from autotag.domain.notifications import parse as notification
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.faults.test_meanwhile import decide_again
from tests.unit.service.tagging.lifecycle.test_lifecycle import renamed
from tests.unit.service.tagging.tagged_asset import given_tagged

MINUTE = 60_000


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1), (0, 1, 0, 1)])
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("tag", ["Guitar", "press"])
def test_of_two_changes_of_a_person_at_one_time_what_cloudinary_holds_decides(
    order: tuple[int, ...], there: bool, tag: str
) -> None:
    fakes = given_tagged(seconds=600)
    at = fakes.clock.now()
    changes = [person(added=(tag,), at=at, digest="p1"), person(removed=(tag,), at=at, digest="p2")]
    tags = [known for known in fakes.cloudinary.assets["a1"]["tags"] if known != tag]
    fakes.cloudinary.assets["a1"]["tags"] = [*tags, tag] if there else tags
    for n in order:
        handle(fakes.deps, changes[n], fakes.remaining)
    come_to_rest(fakes)

    state = fakes.store.items["a1"]
    assert state.people[tag.lower()].want == ("add" if there else "remove") and not state.claims
    assert (tag in fakes.cloudinary.tags("a1")) == there and tag not in state.managed_tags
    check(fakes)


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_until_that_can_be_read_neither_is_worked_against(order: tuple[int, ...]) -> None:
    fakes = given_tagged(seconds=600)
    at = fakes.clock.now()
    changes = [person(added=("Guitar",), at=at, digest="p1"), person(removed=("Guitar",), at=at, digest="p2")]
    fakes.limits.left = 0
    calls = len(fakes.cloudinary.calls)
    for n in order:
        handle(fakes.deps, changes[n], fakes.remaining)
    again = upload(resource("a1", {"People": 0.99, "Guitar": 0.2}), fakes.clock.now(), "d2")
    handle(fakes.deps, again, fakes.remaining)

    assert fakes.store.items["a1"].claims["guitar"].want == "either"
    assert all("Guitar" not in tags for _, _, tags in fakes.cloudinary.calls[calls:])


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1)])
def test_of_two_uploads_told_at_one_time_the_same_one_wins(order: tuple[int, ...]) -> None:
    """Also A, B, A ends as A, B does: a duplicate is not the last word."""
    ends = set()
    for turn in (order, order[::-1]):
        fakes = Fakes()
        fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
        told = [
            upload(resource("a1", {"Cat": 0.9}, tags=("x",), public_id="stage/one"), START, "d1"),
            upload(resource("a1", {"Dog": 0.9}, tags=("y",), public_id="stage/two"), START, "d2"),
        ]
        for n in turn:
            handle(fakes.deps, told[n], fakes.remaining)
        state = fakes.store.items["a1"]
        assert state.facts is not None
        labels = tuple(label.name for label in state.categorizations["aws_rek_tagging"].labels)
        ends.add((tuple(state.managed_tags), labels, state.facts.tags, state.asset.public_id))
    assert len(ends) == 1


ORDERS = [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1), (0, 0, 1), (1, 1, 0, 0)]


def test_of_two_uploads_of_one_time_the_same_one_wins_though_we_took_a_tag_off_that_one_lists() -> None:
    ends = set()
    for order in ORDERS:
        fakes = given_tagged(seconds=600)
        decide_again(fakes, "[defaults]\nthreshold = 0.9\n", 1)
        told = [
            upload(resource("a1", {"People": 0.95}, tags=tags), START + MINUTE, f"d{tags}")
            for tags in (("a", "m"), ("Guitar", "b"))
        ]
        for n in order:
            handle(fakes.deps, told[n], fakes.remaining)
        state = fakes.store.items["a1"]
        assert state.facts is not None
        ends.add((state.facts.tags, tuple(state.people), tuple(state.managed_tags)))
    assert len(ends) == 1


@pytest.mark.parametrize("tags", [(("Guitar", "x"), ("x", "y")), (("x",), ("Guitar",)), (("Guitar", "People"), ())])
def test_of_two_uploads_of_a_newer_picture_at_one_time_the_same_one_had_set_its_tags(
    tags: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    ends = set()
    for order in ORDERS[:4]:
        fakes = given_tagged(seconds=600)
        fakes.cloudinary.keeps = False
        at = fakes.clock.now()
        fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST, version=at // 1000, tags=tags[0])
        told = [upload(resource("a1", GUITARIST, version=at // 1000, tags=listed), at, f"d{listed}") for listed in tags]
        for n in order:
            handle(fakes.deps, told[n], fakes.remaining)
        state = fakes.store.items["a1"]
        assert state.facts is not None
        ends.add((tuple(sorted(state.people)), tuple(sorted(state.managed_tags))))
    assert len(ends) == 1


@pytest.mark.parametrize("times", [(0, 0), (0, 1)])
def test_of_two_answers_about_labels_the_younger_one_names_the_asset_and_of_one_time_always_the_same(
    times: tuple[int, int],
) -> None:
    ends = set()
    for order in ORDERS:
        fakes = Fakes()
        fakes.cloudinary.assets["a1"] = resource("a1", status="pending")
        handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
        told = []
        for n, name in enumerate(("stage/two", "stage/one")):
            at = START + MINUTE + times[n]
            seen = upload(resource("a1", status="failed", public_id=name), at, f"i{n}")
            told.append(LabelsObserved(seen.asset, seen.categorizations, at, MessageOrigin("info", f"i{n}")))
        for n in order:
            handle(fakes.deps, told[n], fakes.remaining)
        ends.add(fakes.store.items["a1"].asset.public_id)
    assert ends == ({"stage/one"} if times[1] else {"stage/two"})


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0)])
@pytest.mark.parametrize("last", ["zoo/y", "zoo/z"])
def test_of_two_renames_at_one_time_a_read_tells_which_was_the_last(order: tuple[int, ...], last: str) -> None:
    fakes = given_tagged(seconds=600)
    at = fakes.clock.now()
    told: list[AssetRenamed] = [renamed("zoo/y", at=at, folder="zoo"), renamed("zoo/z", at=at, folder="zoo")]
    fakes.cloudinary.assets["a1"]["public_id"] = last
    for n in order:
        handle(fakes.deps, told[n], fakes.remaining)
    come_to_rest(fakes)

    assert fakes.store.items["a1"].asset.public_id == last
    check(fakes, adopted=frozenset({"guitar"}))  # it was added under another name


def recorded(fakes: Fakes) -> tuple[set[str], int, int]:
    """Return the removals that are recorded, how many events were sent of them, and with how many ids."""
    records = [audit for audit in fakes.audits.records.values() if audit.trigger.kind == "person"]
    sent = [audit for audit in fakes.bus.sent if audit.trigger.kind == "person"]
    return {tag for audit in records for tag in audit.tags.removed}, len(sent), len({a.audit_id for a in sent})


@pytest.mark.parametrize("times", [1, 2])
def test_the_parts_of_a_change_that_is_split_have_audits_of_their_own_that_together_hold_everything(times: int) -> None:
    labels = {f"Label {n}": 0.9 for n in range(40)}
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", labels)
    handle(fakes.deps, upload(resource("a1", labels)), fakes.remaining)
    managed_tags = sorted(fakes.store.items["a1"].managed_tags)
    long = tuple(f"{n:04d}" + "ä" * 200 for n in range(600))
    removed = (*managed_tags[:20], *long[:300], *managed_tags[20:], *long[300:])
    bodies = _fitting(person(removed=removed, at=START + 15 * MINUTE, digest="f" * 64))
    for _ in range(times):
        for part in map(decode, bodies):
            handle(fakes.deps, part, fakes.remaining)

    found, sent, ids = recorded(fakes)
    assert len(bodies) > 1 and found == set(managed_tags)
    parts = [part for part in map(decode, bodies) if isinstance(part, TagsEdited)]
    assert ids == sum(not {*managed_tags}.isdisjoint(part.removed) for part in parts)
    assert sent == ids * times  # an event that comes again has the same id


def test_a_notification_that_names_an_asset_twice_gives_two_audits() -> None:
    fakes = given_tagged(seconds=600)
    entry = {"asset_id": "a1", "public_id": "stage/a1", "resource_type": "image", "type": "upload"}
    raw = json.dumps(
        {
            "notification_type": "resource_tags_changed",
            "resources": [{**entry, "removed": ["Guitar"]}, {**entry, "removed": ["People"]}],
        }
    ).encode()
    for _ in range(2):
        for message in notification.parse(raw, timestamp=START // 1000 + 500):
            handle(fakes.deps, message, fakes.remaining)

    found, _, ids = recorded(fakes)
    assert found == {"Guitar", "People"} and ids == 2
    assert [len(audit.tags.removed) for audit in fakes.audits.records.values()] == [0, 1, 1]


@pytest.mark.parametrize(("late", "slack"), list(product((True, False), (0, 4 * MINUTE))))
def test_the_echo_of_an_earlier_call_that_comes_after_the_opposite_one_is_no_persons(late: bool, slack: int) -> None:
    """We added a tag, then removed it under other labels; the addition is told last, and clocks differ."""
    fakes = given_tagged(seconds=600)
    added_at = fakes.store.items["a1"].writes["Guitar"].at
    fakes.clock.advance(3600)
    again = upload(resource("a1", {"People": 0.99, "Guitar": 0.2}), fakes.clock.now(), "d2")
    handle(fakes.deps, again, fakes.remaining)
    assert fakes.cloudinary.tags("a1") == {"People"}
    echo = person(added=("People", "Guitar"), at=added_at + (slack if late else -slack), by="222")
    handle(fakes.deps, echo, fakes.remaining)

    assert fakes.store.items["a1"].people == {} and fakes.cloudinary.tags("a1") == {"People"}


@pytest.mark.parametrize("gap", [60, 280, 3600])
@pytest.mark.parametrize("calls", [2, 3, 4, 5])
def test_the_echoes_of_calls_to_and_fro_are_no_persons_however_late_the_first_one_comes(gap: int, calls: int) -> None:
    fakes = given_tagged(seconds=600)
    made: list[tuple[int, str]] = []
    for n in range(calls):
        fakes.clock.advance(gap)
        decide_again(fakes, f"[defaults]\nthreshold = {0.7 if n % 2 else 0.9}\n", n + 1)
        made.append((fakes.clock.now(), "added" if n % 2 else "removed"))
    tags = fakes.cloudinary.tags("a1")
    fakes.clock.advance(60)
    for at, did in made:
        added, removed = (("Guitar",), ()) if did == "added" else ((), ("Guitar",))
        echo = person(added=added, removed=removed, at=at, by="222", digest=f"e{at}")
        handle(fakes.deps, echo, fakes.remaining)

    assert fakes.store.items["a1"].people == {} and fakes.cloudinary.tags("a1") == tags
