"""Operators find open intents whose message is gone, and have workers finish them."""

import pytest

from tests.fakes.minute import work
from tests.fakes.samples import GUITARIST, resource
from tests.unit.handlers.ops.ops_requests import Ops
from tests.unit.service.settle import check
from tests.unit.service.tagging.faults.held.left_claims import NEWER, UPLOAD, die_after_the_claim, indexed, receive

HOUR = 3600


@pytest.fixture
def ops() -> Ops:
    """An asset whose worker died after the claim, and whose message never comes again."""
    ops = Ops()
    ops.fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    die_after_the_claim(ops.fakes, UPLOAD)
    return ops


def lost(ops: Ops) -> list[str]:
    status, answer = ops.ask({"op": "lost_intents"})
    assert (status, answer["cursor"]) == (200, None)
    return list(answer["assets"])


def test_an_intent_is_lost_an_hour_after_it_was_due(ops: Ops) -> None:
    ops.fakes.clock.advance(HOUR)
    assert lost(ops) == []
    ops.fakes.clock.advance(600)
    assert lost(ops) == ["a1"]


def test_an_intent_in_the_due_index_is_not_lost(ops: Ops) -> None:
    receive(ops.fakes, NEWER)
    assert indexed(ops.fakes) == ["a1"]
    ops.fakes.clock.advance(2 * HOUR)
    assert lost(ops) == []


def test_workers_finish_a_lost_intent_without_its_message_and_without_the_poller(ops: Ops) -> None:
    ops.fakes.clock.advance(2 * HOUR)
    assert ops.ask({"op": "finish_intents", "assets": lost(ops) * 11})[1] == {"sent": 11}
    work(ops.fakes)
    check(ops.fakes)
    assert ops.fakes.outcomes() == ["tagged"] and lost(ops) == []


def test_a_table_is_searched_to_its_end_page_by_page(ops: Ops) -> None:
    state = ops.fakes.store.items["a1"]
    for number in range(7):
        ops.fakes.store.items[f"b{number}"] = state
    ops.fakes.clock.advance(2 * HOUR)
    assert lost(ops) == ["a1", *(f"b{number}" for number in range(7))]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({"op": "lost_intents", "segment": 4, "segments": 4}, "segment"),
        ({"op": "finish_intents", "assets": ["on/stage"]}, "assets"),
        ({"op": "finish_intents", "assets": []}, "assets"),
        ({"op": "finish_intents"}, "assets"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_its_place(ops: Ops, body: dict[str, object], what: str) -> None:
    status, answer = ops.ask(body)
    assert status == 400 and what in answer["error"]["message"]
    assert ops.fakes.due_queue.messages == []
