"""An outage of Cloudinary uses up no receive: whatever a message needs from it is stored, and done later."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from autotag.domain.errors import (
    AutotagError,
    BudgetExhausted,
    CredentialsRefused,
    Retryable,
    Unavailable,
)
from autotag.domain.model.asset import AssetRef
from autotag.domain.model.messages import (
    AssetDeleted,
    AssetRenamed,
    ContextChanged,
    MessageOrigin,
    ProcessRunGroup,
    RefetchAsset,
    Task,
)
from autotag.domain.state.asset_state import Op
from autotag.service.worker import handle
from tests.fakes.cloudinary import FakeCloudinary
from tests.fakes.context import Fakes
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload
from tests.unit.handlers.worker.worker_batches import Worker, record
from tests.unit.service.runs.groups.group_library import THREE
from tests.unit.service.runs.run_library import GROUP, NEW, Library
from tests.unit.service.settle import check, come_to_rest
from tests.unit.service.tagging.lifecycle.folder_rules import RULES, moved
from tests.unit.service.tagging.people.guitarist import answer, guitarist
from tests.unit.service.tagging.tagged_asset import given_tagged

MINUTE = 60_000
BY_CONTEXT = (
    '[defaults]\nthreshold = 0.7\n[[when]]\nname = "rights"\ncontext = { rights = "none" }\nadd = ["restricted"]\n'
)


def ref(public_id: str = "stage/a1", version: int = 0) -> AssetRef:
    return AssetRef("a1", public_id, "image", "upload", version)


def an_upload() -> tuple[Fakes, Task]:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    return fakes, upload(resource("a1", GUITARIST))


def a_tag_that_cloudinary_may_have_assigned() -> tuple[Fakes, Task]:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", status="none", tags=("x",))
    return fakes, person(added=("x",), at=START)


def a_rename_that_a_read_must_confirm() -> tuple[Fakes, Task]:
    fakes, at = given_tagged(), START + MINUTE
    one, other = (AssetRenamed(ref(f"stage/{name}"), "stage", at, MessageOrigin("rename", name)) for name in "bc")
    handle(fakes.deps, one, fakes.remaining)
    return fakes, other


def a_move() -> tuple[Fakes, Task]:
    return given_tagged(RULES), moved("press")


def a_change_of_context() -> tuple[Fakes, Task]:
    origin = MessageOrigin("resource_context_changed", "c1")
    return given_tagged(RULES), ContextChanged(ref(), START + MINUTE, origin, {"license": "editorial"})


def a_deletion_from_before_the_last_upload() -> tuple[Fakes, Task]:
    return given_tagged(), AssetDeleted(ref(version=90), START + MINUTE, MessageOrigin("delete", "x1"))


def a_hint() -> tuple[Fakes, Task]:
    fakes = Fakes()
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    return fakes, RefetchAsset("a1", START, MessageOrigin("upload", "h1"))


def an_answer() -> tuple[Fakes, Task]:
    fakes = guitarist()
    return fakes, answer(fakes, accept=("Musician",))


def a_group_of_a_run() -> tuple[Fakes, Task]:
    library = Library()
    library.fakes.rules.use(NEW, 1)
    run_id = library.run()
    library.under_way(run_id, GROUP)
    return library.fakes, ProcessRunGroup(run_id, GROUP, THREE)


KINDS = (
    an_upload,
    a_tag_that_cloudinary_may_have_assigned,
    a_rename_that_a_read_must_confirm,
    a_move,
    a_change_of_context,
    a_deletion_from_before_the_last_upload,
    a_hint,
    an_answer,
    a_group_of_a_run,
)
FAULTS = (
    Unavailable("Cloudinary did not answer; calls are stopped for a while"),
    Retryable("Cloudinary: ReadTimeoutError"),
    Retryable("Cloudinary answered 503: busy", delay=0.0),
    Retryable("Cloudinary answered 503: busy", delay=60.0),
    BudgetExhausted("Cloudinary answered 420: Rate Limit Exceeded", delay=1800.0),
    BudgetExhausted("Cloudinary answered 429: Too Many Requests"),
    CredentialsRefused("Cloudinary answered 401: unknown api_key"),
)
Given = Callable[[], tuple[Fakes, Task]]


@pytest.mark.parametrize("given", KINDS)
@pytest.mark.parametrize("error", FAULTS, ids=lambda error: f"{type(error).__name__} {error.delay}")
def test_no_message_uses_a_receive_for_an_outage_of_cloudinary(given: Given, error: AutotagError) -> None:
    fakes, message = given()
    many = 1000
    fakes.cloudinary.fails = [error] * many
    worker = Worker(fakes=fakes)
    assert worker.consume(record("m", message)) == []
    assert worker.sqs.hidden == []
    assert many - 5 <= len(fakes.cloudinary.fails) < many  # it was asked, and not again and again
    fakes.cloudinary.fails = []
    asked = len(fakes.cloudinary.reads) + len(fakes.cloudinary.calls)
    come_to_rest(fakes)
    assert len(fakes.cloudinary.reads) + len(fakes.cloudinary.calls) > asked
    check(fakes)


def test_a_server_that_asks_to_be_tried_again_at_once_is_not_asked_again_and_again() -> None:
    worker, many = Worker(), 1000
    first, second = worker.given_asset("a1"), upload(resource("a1", {"Cat": 0.99}, version=200), START, "d2")
    worker.fakes.cloudinary.fails = [Retryable("Cloudinary answered 503: busy", delay=0.0)] * many
    assert worker.consume(record("m1", first), record("m2", second)) == []
    assert len(worker.fakes.cloudinary.fails) == many - 1


class Hanging:
    """A Cloudinary that takes all the time that a call may take, out of the milliseconds that are ``left``."""

    def __init__(self, cloudinary: FakeCloudinary) -> None:
        self._cloudinary, self.left = cloudinary, 60_000

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cloudinary, name)

    def change_tags(self, _asset: AssetRef, _op: Op, _tags: tuple[str, ...], timeout: float) -> bool:
        self.left -= round(timeout * 1000)
        raise Retryable("Cloudinary: ReadTimeoutError")


def test_what_waits_behind_a_call_that_hangs_is_stored_in_the_time_that_is_left() -> None:
    worker = Worker()
    hanging = Hanging(worker.fakes.cloudinary)
    worker.worker = worker.worker._replace(deps=replace(worker.fakes.deps, cloudinary=hanging))
    first, second = worker.given_asset("a1"), upload(resource("a1", {"Cat": 0.99}, version=200), START, "d2")
    edit = person("a1", removed=("Guitar",), at=START + MINUTE)
    records = [record(name, message) for name, message in (("m1", first), ("m2", second), ("m3", edit))]
    assert worker.consume(*records, left=lambda: hanging.left) == []
    state = worker.fakes.store.items["a1"]
    assert state.intent is not None and state.dirty is not None and state.asset.version == 200
    assert [preference.want for preference in state.people.values()] == ["remove"]
