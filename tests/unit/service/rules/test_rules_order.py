"""No asset is ever decided on under older rules than the ones that decided on it before."""

import pytest

from autotag.domain.errors import Missing, Retryable
from autotag.domain.rules.compiled.ruleset import ActiveRules, Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.minute import a_minute
from tests.fakes.rules import RULES
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, resource, upload

STRICT = 'name = "strict"\n[defaults]\nthreshold = 0.95\n'


@pytest.fixture
def fakes() -> Fakes:
    """An asset that another worker has decided on under rules 2, and a worker that knows rules 1 only."""
    fakes = Fakes()
    fakes.rules.use(STRICT, 2)
    fakes.cloudinary.assets["a1"] = resource("a1", GUITARIST)
    handle(fakes.deps, upload(resource("a1", GUITARIST)), fakes.remaining)
    fakes.rules.use(RULES, 1)
    return fakes


def test_newer_rules_are_fetched_before_an_asset_is_decided_on_again(fakes: Fakes) -> None:
    fakes.rules.newer = ActiveRules(Ruleset(parse_rules(STRICT)), 2)
    handle(fakes.deps, upload(resource("a1", GUITARIST, version=200), START + 9, "d2"), fakes.remaining)
    assert [audit.rules.name for audit in fakes.audits.records.values()] == ["strict", "strict"]


def test_where_they_cannot_be_had_the_message_comes_again_and_nothing_is_stored(fakes: Fakes) -> None:
    before = fakes.store.items["a1"]
    with pytest.raises(Retryable, match="decided under rules 2, only 1 can be loaded"):
        handle(fakes.deps, upload(resource("a1", GUITARIST, version=200), START + 9, "d2"), fakes.remaining)
    assert fakes.store.items["a1"] == before and len(fakes.audits.records) == 1


def test_other_assets_go_on_under_the_rules_that_are_known(fakes: Fakes) -> None:
    fakes.cloudinary.assets["a2"] = resource("a2", GUITARIST)
    handle(fakes.deps, upload(resource("a2", GUITARIST)), fakes.remaining)
    assert fakes.store.items["a2"].rules_seq == 1


def test_an_asset_that_is_gone_keeps_its_rules_too(fakes: Fakes) -> None:
    pending = resource("a1", status="pending", version=200)
    fakes.rules.use(STRICT, 2)
    handle(fakes.deps, upload(pending, START + 9, "d2"), fakes.remaining)
    fakes.rules.use(RULES, 1)
    fakes.cloudinary.fails = [Missing("not found")]
    fakes.clock.advance(3600)
    a_minute(fakes)
    assert status(fakes) == "pending"

    fakes.rules.newer = ActiveRules(Ruleset(parse_rules(STRICT)), 2)
    fakes.cloudinary.fails = [Missing("not found")]
    fakes.clock.advance(7200)
    a_minute(fakes)
    assert status(fakes) == "gone" and fakes.store.items["a1"].rules_seq == 2


def status(fakes: Fakes) -> str:
    return fakes.store.items["a1"].status
