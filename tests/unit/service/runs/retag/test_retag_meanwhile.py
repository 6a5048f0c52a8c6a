"""What happens to assets while a retag is under way: uploads, deletions, renames, other workers, newer rules."""

from autotag.domain.errors import Retryable
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import AssetRenamed, MessageOrigin, ProcessRunGroup
from autotag.domain.runs.run import Filter
from autotag.service.worker import handle
from tests.fakes.samples import resource, upload
from tests.unit.service.runs.retag.retag_library import expected, given
from tests.unit.service.runs.run_library import GROUP, NEW, OLD
from tests.unit.service.settle import check


def test_a_live_upload_meanwhile_is_decided_and_the_run_leaves_it() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    body = resource("a0", {"Boat": 0.99}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    assert library.tags()["a0"] == {"press", "Boat"}
    library.finish(run_id)

    assert library.tags()["a0"] == {"press", "Boat"}
    check(library.fakes)


def test_an_asset_that_somebody_is_at_work_on_is_done_afterwards() -> None:
    library = given()
    library.fakes.cloudinary.fails = [Retryable("503")]
    body = resource("a0", {"People": 0.99, "Boat": 0.8}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    library.fakes.rules.use(OLD, 0)
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    library.fakes.rules.use(NEW, 1)
    assert library.fakes.store.items["a0"].intent is not None
    run = library.finish(library.run())

    assert run.status == "done" and library.tags()["a0"] == {"press", "crowd"}
    check(library.fakes)


def test_an_asset_whose_intent_stays_open_is_missed_and_looked_at_in_another_pass() -> None:
    library = given()
    run_id = library.run()
    wanted = expected(library, library.plan(run_id))
    library.poll()
    state = library.fakes.store.items["a0"]
    body = resource("a0", {"People": 0.99, "Guitar": 0.8}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    library.fakes.cloudinary.fails = [Retryable("503", delay=600)]
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    library.work()
    run = library.run_of(run_id)
    assert (run.status, run.counts.missed) == ("running", 1) and state.rules_seq == 0
    run = library.finish(run_id)

    assert (run.status, run.counts.missed) == ("done", 0) and run.epoch >= 1
    assert library.tags() == wanted
    check(library.fakes)


def test_an_asset_that_was_deleted_meanwhile_is_gone_and_the_rest_is_done() -> None:
    library = given()
    run_id = library.run()
    library.poll()
    del library.fakes.cloudinary.assets["a0"]
    run = library.finish(run_id)

    assert library.fakes.store.items["a0"].status == "gone"
    assert (run.status, run.counts.failed, run.counts.done) == ("done", 1, 8)


def test_an_asset_that_was_decided_under_later_rules_is_not_decided_by_older_ones() -> None:
    """Its worker had heard of a push of which the run's worker has not: the run comes back to it."""
    library = given()
    run_id = library.run()
    library.poll()
    library.fakes.rules.use('[defaults]\nthreshold = 0.7\n[labels.People]\ntag = "humans"\n', 2)
    newest = library.fakes.rules.now
    body = resource("a0", {"People": 0.99, "Guitar": 0.8}, version=200, tags=("press",), public_id="stage/0")
    library.fakes.cloudinary.assets["a0"] = body
    handle(library.fakes.deps, upload(dict(body), library.fakes.clock.now(), "live"), library.fakes.remaining)
    assert library.tags()["a0"] == {"press", "humans", "Guitar"}
    library.fakes.rules.use(NEW, 1)
    library.work()
    run = library.run_of(run_id)
    assert library.tags()["a0"] == {"press", "humans", "Guitar"} and library.tags()["a4"] == {"press", "crowd"}
    assert (run.status, run.counts.missed) == ("running", 1)

    library.fakes.rules.newer = newest
    library.fakes.rules.now = newest
    assert library.finish(run_id).status == "done"
    assert library.tags()["a0"] == library.tags()["a4"] == {"press", "humans", "Guitar"}
    check(library.fakes)


def test_two_assets_of_one_name_are_not_both_taken_to_be_the_one_that_an_answer_names() -> None:
    """One was deleted, the other was renamed to its name, and the index of names does not show it yet."""
    library = given(12)
    fakes = library.fakes
    assets = ("a0", "a4", "a8")
    run_id = library.run(filter=Filter(assets=assets))
    library.under_way(run_id, GROUP)
    del fakes.cloudinary.assets["a0"]
    fakes.cloudinary.assets["a4"]["public_id"] = "stage/0"
    name = AssetRef("a4", "stage/0", "image", "upload", 0)
    handle(fakes.deps, AssetRenamed(name, "stage", fakes.clock.now(), MessageOrigin("rename", "r")), fakes.remaining)
    fakes.store.is_behind = lambda: not fakes.cloudinary.joint_calls
    handle(fakes.deps, ProcessRunGroup(run_id, GROUP, assets), fakes.remaining)
    assert library.finish(run_id).status == "done"

    assert [fakes.store.items[asset].status for asset in assets] == ["gone", "tagged", "tagged"]
    assert library.tags()["a4"] == library.tags()["a8"] == {"press", "crowd"}
    gone = [audit.outcome for audit in fakes.audits.records.values() if audit.asset.asset_id == "a0"]
    assert gone[-1] == "gone" and library.run_of(run_id).counts.failed == 1
    assert library.run_of(run_id).counts.gone == 1
