"""Pushing rules: validated, stored once, numbered, and never over somebody else's."""

from typing import Any

import msgspec
import pytest

from autotag.domain.errors import Conflict, Invalid
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.rules.active import StoredRules
from autotag.service.rules.publish import Pushed, PushRules, ShowRules, describe_rules, push
from tests.fakes.rules import RULES, FakeRuleStore
from tests.fakes.runtime import START, FakeClock, FakeTelemetry

ACME = 'name = "acme"\n[defaults]\nthreshold = 0.8\n'
OTHER = 'name = "other"\n'
ARN = "arn:aws:sts::123456789012:assumed-role/team/ada"


class Office:
    """A rule store, and people who push."""

    def __init__(self) -> None:
        self.rule_store, self.clock, self.telemetry = FakeRuleStore(), FakeClock(), FakeTelemetry()

    def push(self, text: str, seq: int | None = None, by: str = ARN) -> Pushed:
        return push(self.rule_store.rule_store, PushRules(text, seq), by, self.clock, self.telemetry)

    def tell(self, *, text: bool = False) -> Any:
        return msgspec.to_builtins(describe_rules(self.rule_store.rule_store, ShowRules(text)))


@pytest.fixture
def office() -> Office:
    return Office()


def version_of(text: str) -> str:
    return Ruleset(parse_rules(text)).version


def test_the_first_push_is_number_one_and_says_who_and_when(office: Office) -> None:
    assert office.push(ACME) == Pushed(version_of(ACME), 1, changed=True)
    item = office.rule_store.publication.item
    assert item is not None and (item.hash, item.seq, item.pushed_by) == (version_of(ACME), 1, ARN)
    assert item.pushed_at >= START
    assert office.rule_store.versions.texts == {version_of(ACME): ACME}
    assert office.telemetry.lines == [("rules_pushed", {"version": version_of(ACME), "seq": 1, "by": ARN})]


def test_pushes_are_counted_and_keep_the_last_good_version(office: Office) -> None:
    office.push(ACME)
    StoredRules(office.rule_store.rule_store, office.clock, office.telemetry).active()
    assert office.push(OTHER, seq=1).seq == 2
    item = office.rule_store.publication.item
    assert item is not None and (item.last_good_hash, item.last_good_seq) == (version_of(ACME), 1)


def test_the_active_version_again_changes_nothing(office: Office) -> None:
    office.push(ACME)
    item = office.rule_store.publication.item
    assert office.push(f"# the same, with a comment\n{ACME}") == Pushed(version_of(ACME), 1, changed=False)
    assert office.rule_store.publication.item == item and office.rule_store.versions.texts[version_of(ACME)] == ACME


def test_the_active_version_again_brings_its_lost_text_back(office: Office) -> None:
    office.push(ACME)
    office.rule_store.versions.texts.clear()
    assert office.push(ACME).changed is False
    assert office.rule_store.versions.texts == {version_of(ACME): ACME}


def test_a_version_whose_stored_text_is_damaged_is_not_published(office: Office) -> None:
    office.rule_store.versions.texts[version_of(ACME)] = OTHER
    with pytest.raises(Invalid, match="the stored text is of version"):
        office.push(ACME)
    assert office.rule_store.publication.item is None


def test_an_older_version_may_be_pushed_again_and_is_the_newest_then(office: Office) -> None:
    office.push(ACME)
    office.push(OTHER)
    assert office.push(ACME) == Pushed(version_of(ACME), 3, changed=True)


@pytest.mark.parametrize("text", ["thresold = 1", "name =", "[defaults]\nthreshold = 2"])
def test_rules_that_are_invalid_leave_nothing(office: Office, text: str) -> None:
    with pytest.raises(Invalid):
        office.push(text)
    assert office.rule_store.publication.item is None and office.rule_store.versions.texts == {}


def test_a_push_over_another_than_the_expected_one_is_refused(office: Office) -> None:
    office.push(ACME, seq=0)
    with pytest.raises(Conflict, match=f"rules 1 are active by now, pushed by {ARN}"):
        office.push(OTHER, seq=0)
    assert office.rule_store.publication.item is not None and office.rule_store.publication.item.hash == version_of(
        ACME
    )


def test_of_two_pushes_at_one_moment_one_is_refused(office: Office) -> None:
    office.rule_store.publication.before_publish = lambda: quicker(office)
    with pytest.raises(Conflict, match="at this moment"):
        office.push(ACME)
    item = office.rule_store.publication.item
    assert item is not None and (item.hash, item.seq) == (version_of(OTHER), 1)


def quicker(office: Office) -> None:
    office.rule_store.publication.before_publish = lambda: None
    office.push(OTHER)


def test_without_a_push_the_deployed_rules_are_told(office: Office) -> None:
    active = office.tell()["active"]
    assert (active["name"], active["seq"], active["pushed_by"], active["pushed_at"]) == ("default", 0, None, None)
    assert office.tell()["last_good"] is None


def test_the_active_and_the_last_good_rules_are_told(office: Office) -> None:
    office.push(ACME)
    StoredRules(office.rule_store.rule_store, office.clock, office.telemetry).active()
    office.push(OTHER)
    told = office.tell()
    assert (told["active"]["name"], told["active"]["seq"], told["active"]["pushed_by"]) == ("other", 2, ARN)
    assert told["active"]["pushed_at"].startswith("2026-")
    assert (told["last_good"]["name"], told["last_good"]["version"]) == ("acme", version_of(ACME))


def test_what_the_rules_say_is_told_where_it_is_asked_for(office: Office) -> None:
    assert "text" not in office.tell()["active"]
    assert office.tell(text=True)["active"]["text"] == RULES
    office.push(ACME)
    assert office.tell(text=True)["active"]["text"] == ACME


def test_active_rules_that_cannot_be_read_are_told_with_their_fault(office: Office) -> None:
    office.rule_store.push_broken()
    active = office.tell()["active"]
    assert active["version"] == "f" * 64 and active["name"] is None and "thresold" in active["fault"]
