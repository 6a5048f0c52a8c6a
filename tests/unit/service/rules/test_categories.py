"""Categories of pushed rules: their labels are those of the push, until the next one."""

import pytest

from autotag.domain.decisions.replay import replay
from autotag.domain.errors import Invalid, Missing
from autotag.domain.model.label_list import LabelList
from autotag.domain.model.labels import LabelRelations
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules_text.categories import KnownCategories, MovedLabels, moved_labels
from autotag.service.operations.replay import Replay, replay_audit
from autotag.service.rules.active import StoredRules
from autotag.service.rules.publish import MAX_SETS, PushRules, ShowRules, describe_rules, push
from autotag.service.rules.versions import ShowVersion, show_version
from tests.fakes.rules import FakeRuleStore
from tests.fakes.runtime import FakeClock, FakeTelemetry
from tests.fakes.samples import resource
from tests.unit.autotag_cli.fake_ops import FakeOps

PEOPLE = "People"
RULES = f'name = "acme"\n[categories.{PEOPLE}]\nthreshold = 0.9\n'


def known(*labels: str) -> KnownCategories:
    """Return what a list with these labels of the category knows."""
    return KnownCategories(LabelList("3.0", "l.zip", {each: LabelRelations(categories=(PEOPLE,)) for each in labels}))


class Office:
    """A rule store, and a person who pushes the rules as a list says."""

    def __init__(self) -> None:
        self.store, self.clock, self.telemetry = FakeRuleStore(), FakeClock(), FakeTelemetry()

    def push(self, listed: KnownCategories, text: str = RULES) -> str:
        return self.send(PushRules(text, None, listed.resolve(parse_rules(text)).sets))

    def send(self, request: PushRules) -> str:
        return push(self.store.rule_store, request, "ada", self.clock, self.telemetry).version

    def worker(self) -> Ruleset:
        """Return the rules of a worker that starts now."""
        return StoredRules(self.store.rule_store, self.clock, self.telemetry).active().ruleset


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_update_of_the_list_changes_nothing_until_the_next_push(office: Office) -> None:
    first = office.push(known("Person", "Human"))
    history = FakeOps()
    labels = [{"Person": n / 100, "Human": 0.85, "Dog": 0.8, "Crowd": 0.75} for n in range(100)]
    audits = [history.decided(resource(f"a{n}", each), ruleset=office.worker()) for n, each in enumerate(labels)]
    assert {audit.rules.version for audit in audits} == {first}

    updated = known("Person", "Crowd")
    assert [replay(audit, office.worker()) for audit in audits] == [()] * 100
    second = office.push(updated)
    assert second != first and office.worker().version == second
    told = [replay_audit(history, office.store.versions, Replay(audit.audit_id)) for audit in audits]
    assert [each["identical"] for each in told] == [True] * 100
    assert all(replay(audit, office.worker()) for audit in audits)

    old, new = (office.store.versions.sets[version] for version in (first, second))
    assert moved_labels(old, new) == (MovedLabels(PEOPLE, ("crowd",), ("human",)),)


def test_a_push_stores_the_labels_of_the_categories_that_the_rules_name_and_no_others(office: Office) -> None:
    version = office.send(PushRules(RULES, None, {"people": ("Person", "human", "person"), "Cars": ("car",)}))
    assert office.store.versions.sets[version] == {PEOPLE: ("human", "person")}
    active = describe_rules(office.store.rule_store, ShowRules(text=True))["active"]
    assert (active["version"], active["text"], active["sets"]) == (version, RULES, {PEOPLE: ("human", "person")})
    assert show_version(office.store.rule_store, ShowVersion(version))["sets"] == {PEOPLE: ("human", "person")}


def test_rules_without_categories_are_stored_and_shown_as_ever(office: Office) -> None:
    version = office.send(PushRules('name = "plain"\n', None, {"Cars": ("car",)}))
    assert version == Ruleset(parse_rules('name = "plain"\n')).version and office.store.versions.sets[version] == {}
    assert "sets" not in describe_rules(office.store.rule_store, ShowRules(text=True))["active"]
    assert "sets" not in show_version(office.store.rule_store, ShowVersion(version))


@pytest.mark.parametrize("sets", [{}, {"Cars": ("car",)}])
def test_a_push_without_the_labels_of_a_category_is_refused(office: Office, sets: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(Invalid, match=r'categories\."People": found a category whose labels are not known'):
        office.send(PushRules(RULES, None, sets))
    assert office.store.publication.item is None and office.store.versions.texts == {}


def test_labels_that_fit_into_no_item_are_refused(office: Office) -> None:
    many = tuple(f"label {n:06}" for n in range(MAX_SETS // 12 + 1))
    with pytest.raises(Invalid, match="expected at most 131,072: name fewer"):
        office.send(PushRules(RULES, None, {PEOPLE: many}))
    assert office.store.publication.item is None


def test_a_version_whose_labels_are_gone_is_refused_not_decided_by(office: Office) -> None:
    version = office.push(known("Person"))
    office.store.versions.sets[version] = {PEOPLE: ("human",)}
    audit = FakeOps().decided(
        resource("a1", {"Person": 0.95}), ruleset=Ruleset(parse_rules(RULES), {PEOPLE: ("person",)})
    )
    records = FakeOps()
    records.audits.append(audit)
    with pytest.raises(Missing, match="the stored text is of version"):
        replay_audit(records, office.store.versions, Replay(audit.audit_id))
