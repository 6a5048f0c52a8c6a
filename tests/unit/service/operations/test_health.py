"""The service's own health: every sign in bounded reads, and none that hides another."""

from typing import Any

import msgspec
import pytest

from autotag.domain.errors import Invalid, Retryable
from autotag.domain.model.health import Depth, DueAsset, HourBudget, LastAudit, Opened
from autotag.service.operations.health import examine
from tests.fakes.operations import QUIET, TOLD, FakeHealthProbes
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runtime import START, FakeClock, in_turn


class Clinic:
    """A service to be examined."""

    def __init__(self) -> None:
        self.probes, self.rule_store = FakeHealthProbes(), FakeRuleStore()

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(
            msgspec.json.encode(examine(self.probes.probes, self.rule_store.rule_store, FakeClock(), in_turn))
        )
        return found


@pytest.fixture
def clinic() -> Clinic:
    return Clinic()


def test_a_service_that_is_well_and_new_has_nothing_to_tell(clinic: Clinic) -> None:
    told = clinic.told()
    assert told.pop("rules")["active"]["seq"] == 0
    assert told == {
        "now": "2026-10-08T12:00:00.001Z",
        "settings": TOLD,
        "due": {"intent": None, "poll": None, "hint": None},
        "queues": {name: {"waiting": 0, "in_flight": 0} for name in QUIET},
        "budget": {"used": 0, "closed": False, "hints": 0},
        "breaker": None,
        "last_audit": None,
        "faults": {},
    }


def test_what_is_due_first_is_found_in_whichever_partition_it_is(clinic: Clinic) -> None:
    clinic.probes.overdue = {
        ("POLL", 3): DueAsset("later", START + 5000),
        ("POLL", 15): DueAsset("first", START - 60_000),
        ("INTENT", 0): DueAsset("left", START - 1000),
    }
    assert clinic.told()["due"] == {
        "poll": {"asset_id": "first", "due_at": "2026-10-08T11:59:00.000Z"},
        "intent": {"asset_id": "left", "due_at": "2026-10-08T11:59:59.000Z"},
        "hint": None,
    }


def test_queues_budget_breaker_and_the_last_audit_are_told_as_they_are(clinic: Clinic) -> None:
    clinic.probes.queues["live_dead"] = Depth(3, 1)
    clinic.probes.used = HourBudget(400, closed=True)
    clinic.probes.open = Opened(START + 60_000, "Cloudinary answered 401: no")
    clinic.probes.audit = LastAudit("a1.1.x", "2026-10-08T11:59:00.000Z", "tagged")
    told = clinic.told()
    assert told["queues"]["live_dead"] == {"waiting": 3, "in_flight": 1}
    assert told["budget"] == {"used": 400, "closed": True, "hints": 0}
    assert told["breaker"] == {"until": "2026-10-08T12:01:00.000Z", "reason": "Cloudinary answered 401: no"}
    assert told["last_audit"] == {"audit_id": "a1.1.x", "at": "2026-10-08T11:59:00.000Z", "outcome": "tagged"}


def test_rules_that_cannot_be_read_are_told_with_their_fault(clinic: Clinic) -> None:
    clinic.rule_store.push_broken()
    assert "thresold" in clinic.told()["rules"]["active"]["fault"]


@pytest.mark.parametrize("sign", ["due", "queues", "budget", "breaker", "last_audit"])
def test_a_sign_that_cannot_be_read_hides_no_other(clinic: Clinic, sign: str) -> None:
    clinic.probes.fails[sign] = Retryable("DynamoDB: AccessDeniedException")
    told = clinic.told()
    assert told[sign] is None and told["faults"] == {sign: "DynamoDB: AccessDeniedException"}
    assert told["rules"]["active"]["fault"] is None


def test_a_rules_item_that_is_damaged_hides_nothing_either(clinic: Clinic) -> None:
    clinic.rule_store.publication.fails = Invalid("RULES#ACTIVE", "the item cannot be read: x")
    told = clinic.told()
    assert told["rules"] is None and told["faults"] == {"rules": "RULES#ACTIVE: the item cannot be read: x"}
    assert told["queues"] is not None
