"""Forty pictures whose notifications come twice: throttled by the local Rekognition, and more than the day's budget."""

from collections import Counter
from typing import Any

from tests.integration.simulator.rekognition.asking_world import add_assets, asking, work
from tests.integration.simulator.rekognition.rekognition_client import detect_calls, fault
from tests.integration.simulator.simulator_client import Simulator

PICTURES, CAP = 40, 10
NAMES = [f"stage/{number:02}" for number in range(PICTURES)]
DAY = 24 * 3600


def paid(calls: dict[str, Any]) -> Counter[str]:
    """Return how often each picture was paid for."""
    return Counter(call["public_id"] for call in calls["calls"] if call["paid"])


def test_where_every_third_call_is_throttled_all_are_done_and_none_is_paid_twice(simulator: Simulator) -> None:
    world = asking(simulator)
    fault(simulator, {"error": "ThrottlingException"}, every=3)
    add_assets(simulator, world, PICTURES)
    refused = work(world)

    calls = detect_calls(simulator)
    assert refused == calls["count"] - PICTURES >= PICTURES // 3
    assert paid(calls) == dict.fromkeys(NAMES, 1)
    assert Counter(world.outcomes()) == {"tagged": PICTURES}
    assert sum(world.rekognition.used.values()) == PICTURES, "what was refused gives its unit of the budget back"


def test_beyond_the_days_budget_pictures_wait_and_the_next_days_do_them(simulator: Simulator) -> None:
    world = asking(simulator, cap=CAP)
    add_assets(simulator, world, PICTURES)
    assert work(world) == 0

    assert (detect_calls(simulator)["count"], len(world.outcomes())) == (CAP, CAP)
    waiting = [state for state in world.store.items.values() if state.status == "pending"]
    assert len(waiting) == PICTURES - CAP
    assert world.telemetry.counts["DetectBudgetReached"] == PICTURES - CAP, "the metric of the alarm"
    for day in range(2, PICTURES // CAP + 1):
        world.clock.advance(3600)
        assert world.swept() == 0, "nothing is asked before midnight"
        world.clock.advance(DAY)
        world.swept()
        assert len(world.outcomes()) == day * CAP
    assert paid(detect_calls(simulator)) == dict.fromkeys(NAMES, 1)
    assert Counter(world.outcomes()) == {"tagged": PICTURES}
