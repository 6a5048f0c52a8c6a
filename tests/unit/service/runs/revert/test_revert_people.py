"""A revert leaves people's tags, and what people removed stays away."""

from autotag.domain.model.messages import MessageOrigin, RefetchAsset, ReviewAnswered
from autotag.domain.runs.run import RevertSelection
from autotag.service.worker import handle
from tests.fakes.samples import person
from tests.unit.service.runs.revert.revert_library import retagged
from tests.unit.service.runs.run_library import OLD, Library
from tests.unit.service.settle import check


def test_human_tags_that_were_added_in_between_stay() -> None:
    library, before, run_id = retagged()
    for body in library.fakes.cloudinary.assets.values():
        body["tags"].append("mine")
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags() == {asset: tags | {"mine"} for asset, tags in before.items()}


def test_a_tag_that_a_person_removed_meanwhile_does_not_come_back() -> None:
    library, before, run_id = retagged()
    library.fakes.cloudinary.assets["a0"]["tags"].remove("crowd")
    removed = person("a0", removed=("crowd",), at=library.fakes.clock.now())
    handle(library.fakes.deps, removed, library.fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == before["a0"] - {"People"}  # it stood for the same label
    assert library.tags()["a4"] == before["a4"]


def test_a_tag_that_a_person_made_theirs_stays() -> None:
    library, before, run_id = retagged()
    added = person("a0", added=("crowd",), at=library.fakes.clock.now())
    handle(library.fakes.deps, added, library.fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == before["a0"] | {"crowd"}


def test_reverting_everything_takes_all_of_our_tags_and_none_of_theirs() -> None:
    library, _, _ = retagged()
    library.finish(library.run("revert"))

    assert set(map(frozenset, library.tags().values())) == {frozenset({"press"})}
    check(library.fakes)


def test_what_a_person_did_is_not_undone_with_what_was_decided_in_the_same_time() -> None:
    """They took a tag away, and took that back: it is for the rules to bring it again, not for an undoing."""
    library, before, run_id = retagged()
    since, fakes = library.run_of(run_id).created_at, library.fakes
    fakes.cloudinary.assets["a1"]["tags"].remove("Cat")
    handle(fakes.deps, person("a1", removed=("Cat",), at=fakes.clock.now()), fakes.remaining)
    cleared = ReviewAnswered("a1", 100, "ada", fakes.clock.now(), MessageOrigin("review", "c"), clear=("Cat",))
    handle(fakes.deps, cleared, fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(since=since)))

    assert library.tags()["a1"] == before["a1"] - {"Cat"} and library.tags()["a0"] == before["a0"]


def test_a_tag_comes_back_though_a_person_took_away_another_label_of_its_name() -> None:
    library = Library(4)
    fakes = library.fakes
    fakes.cloudinary.assets["a0"]["tags"].remove("People")
    handle(fakes.deps, person("a0", removed=("People",), at=fakes.clock.now()), fakes.remaining)
    fakes.rules.use(f'{OLD}[labels.People]\ntag = "scene"\n[labels.Guitar]\ntag = "scene"\n', 1)
    renaming = library.run()
    library.finish(renaming)
    assert library.tags()["a0"] == {"press", "scene"}
    undoing = library.run("revert", undo=RevertSelection(run=renaming))
    library.finish(undoing)
    assert library.tags()["a0"] == {"press", "Guitar"}
    library.finish(library.run("revert", undo=RevertSelection(run=undoing)))

    assert library.tags()["a0"] == {"press", "scene"} and fakes.store.items["a0"].managed_tags == {"scene": ("guitar",)}


def test_a_tag_that_is_theirs_by_now_does_not_come_back_as_ours() -> None:
    """Nobody told that a person added it; a read shows it."""
    library, _, run_id = retagged()
    fakes = library.fakes
    fakes.cloudinary.assets["a0"]["tags"].append("Guitar")
    handle(fakes.deps, RefetchAsset("a0", fakes.clock.now(), MessageOrigin("upload", "r")), fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == {"press", "People", "Guitar"} and set(fakes.store.items["a0"].managed_tags) == {
        "People"
    }


def test_a_tag_that_a_person_made_theirs_and_took_away_untold_does_not_come_back() -> None:
    library, _, run_id = retagged()
    fakes = library.fakes
    handle(fakes.deps, person("a0", added=("Guitar",), at=fakes.clock.now()), fakes.remaining)
    handle(fakes.deps, RefetchAsset("a0", fakes.clock.now(), MessageOrigin("upload", "r")), fakes.remaining)
    library.finish(library.run("revert", undo=RevertSelection(run=run_id)))

    assert library.tags()["a0"] == {"press", "People"}
