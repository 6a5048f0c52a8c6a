"""Every push stays known: who pushed which rules when, and their text."""

import pytest

from autotag.domain.errors import Conflict, Invalid, Missing
from autotag.domain.rules.versions import Published
from autotag.service.rules.publish import PushRules, push
from autotag.service.rules.versions import ListPushes, ShowVersion, list_pushes, show_version
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runtime import START, FakeClock, FakeTelemetry
from tests.unit.service.rules.test_publish import ACME, OTHER, version_of


@pytest.fixture
def fake() -> FakeRuleStore:
    return FakeRuleStore()


def pushed(fake: FakeRuleStore, text: str, by: str, seq: int | None = None) -> None:
    push(fake.rule_store, PushRules(text, seq), by, FakeClock(), FakeTelemetry())


def listed(fake: FakeRuleStore, limit: int = 50, before: int = 0) -> list[tuple[int, str | None, str | None]]:
    """Return number, name and caller of the pushes of a page."""
    found = list_pushes(fake.rule_store, ListPushes(limit, before))["pushes"]
    return [(each["seq"], each["name"], each["pushed_by"]) for each in found]


def test_pushes_are_listed_with_who_and_when_the_newest_first(fake: FakeRuleStore) -> None:
    for text, by in ((ACME, "ada"), (OTHER, "bob"), (ACME, "cy")):
        pushed(fake, text, by)
    assert listed(fake) == [(3, "acme", "cy"), (2, "other", "bob"), (1, "acme", "ada")]
    first = list_pushes(fake.rule_store, ListPushes())["pushes"][0]
    assert first["version"] == version_of(ACME) and first["pushed_at"].startswith("2026-")


def test_a_page_goes_on_where_the_one_before_ended(fake: FakeRuleStore) -> None:
    for n in range(5):
        pushed(fake, (ACME, OTHER)[n % 2], f"p{n + 1}")
    assert [seq for seq, _, _ in listed(fake, 2)] == [5, 4]
    assert [seq for seq, _, _ in listed(fake, 1)] == [5]
    assert [seq for seq, _, _ in listed(fake, 3, before=4)] == [3, 2, 1]
    assert listed(fake, 3, before=1) == []


def test_without_a_push_nothing_is_listed(fake: FakeRuleStore) -> None:
    assert listed(fake) == []


def test_a_push_of_an_earlier_release_is_listed_without_its_name(fake: FakeRuleStore) -> None:
    fake.publication.item = Published("a" * 64, 7, "ada", START)
    assert listed(fake) == [(7, None, "ada")]
    pushed(fake, ACME, "bob")
    assert listed(fake) == [(8, "acme", "bob"), (7, None, "ada")]


def test_a_push_that_came_too_late_is_not_listed_nor_is_the_one_before_it_listed_twice(fake: FakeRuleStore) -> None:
    pushed(fake, ACME, "ada")

    def quicker() -> None:
        fake.publication.before_publish = lambda: None
        pushed(fake, OTHER, "bob")

    fake.publication.before_publish = quicker
    with pytest.raises(Conflict):
        pushed(fake, 'name = "late"\n', "cy", 1)
    assert listed(fake) == [(2, "other", "bob"), (1, "acme", "ada")]


def test_the_text_of_an_earlier_version_is_shown(fake: FakeRuleStore) -> None:
    pushed(fake, ACME, "ada")
    pushed(fake, OTHER, "bob")
    found = show_version(fake.rule_store, ShowVersion(version_of(ACME)))
    assert found == {"version": version_of(ACME), "name": "acme", "fault": None, "text": ACME}


def test_a_version_of_another_release_is_shown_with_its_fault(fake: FakeRuleStore) -> None:
    fake.versions.texts["f" * 64] = "thresold = 1\n"
    found = show_version(fake.rule_store, ShowVersion("f" * 64))
    assert found["name"] is None and "thresold" in found["fault"] and found["text"] == "thresold = 1\n"


def test_a_version_that_is_not_stored_is_missing(fake: FakeRuleStore) -> None:
    with pytest.raises(Missing, match="rules ffffffffffff are not stored"):
        show_version(fake.rule_store, ShowVersion("f" * 64))


def test_an_unreadable_record_of_the_active_rules_is_said(fake: FakeRuleStore) -> None:
    fake.publication.fails = Invalid("RULES#ACTIVE", "the item cannot be read")
    with pytest.raises(Invalid, match="cannot be read"):
        listed(fake)
