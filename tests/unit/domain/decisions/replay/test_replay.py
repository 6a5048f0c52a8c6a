"""Every audit of the live path replays identically, and a changed audit is reported with its differences."""

from collections.abc import Callable

import msgspec
import pytest
from msgspec import UNSET
from msgspec.structs import replace

from autotag import ENGINE_VERSION
from autotag.domain.decisions.replay import has_decision, replay
from autotag.domain.errors import Missing, Permanent
from autotag.domain.model.audit import Audit, Decided, Inputs, public
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.service.tagging.person_edits import handle_tag_edit as act
from autotag.service.tagging.sweep import sweep
from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.runtime import START
from tests.fakes.samples import GUITARIST, person, resource, upload

ADOPT = 'name = "adopt"\n[defaults]\nauto_tagged = "adopt"\ncase = "lower"\n'
RICH = """
name = "rich"
[defaults]
review = 0.5
max_tags = 3
prefix = "auto:"
deny = ["Person"]
[labels.Guitar]
tag = "instrument"
parents = ["music"]
priority = 5
[[when]]
name = "stage"
folder = "stage/**"
tags_any = ["press"]
add = ["concert"]
"""
LABELS = {**GUITARIST, "Person": 0.95, "Electric Guitar": 0.81}


def observed(fakes: Fakes, at: int = START, digest: str = "d1", **asset: object) -> None:
    """Set the asset in Cloudinary, and handle its upload notification."""
    body = resource("a1", **{"labels": LABELS, **asset})  # type: ignore[arg-type]
    fakes.cloudinary.assets["a1"] = {**body, "tags": list(body["tags"])}
    handle(fakes.deps, upload(body, at, digest), fakes.remaining)


def tagged(fakes: Fakes) -> None:
    observed(fakes, tags=("press",))


def new_version(fakes: Fakes) -> None:
    tagged(fakes)
    observed(fakes, START + 9, "d2", labels={"Cat": 0.9, "People": 0.98}, version=200, tags=("press", "people"))


def labels_again(fakes: Fakes) -> None:
    tagged(fakes)
    observed(fakes, START + 99_000, "d2", labels={**LABELS, "Stage": 0.88}, tags=("press",))
    observed(fakes, START + 199_000, "d3", labels={**LABELS, "Stage": 0.88, "Low": 0.1}, tags=("press",))


def tag_lost_elsewhere(fakes: Fakes) -> None:
    """The managed tags are gone from the asset, for no known reason: they are added again."""
    tagged(fakes)
    observed(fakes, START + 9, "d2", version=200, labels={**LABELS, "Stage": 0.9}, tags=())


def people_in_between(fakes: Fakes) -> None:
    tagged(fakes)
    act(
        fakes.deps,
        person(added=("Stage", "mine"), removed=("Guitar", "instrument"), at=START + 9_000),
        fakes.remaining,
    )
    observed(fakes, START + 99_000, "d2", labels={**LABELS, "Stage": 0.9}, version=200, tags=("press", "mine"))


def assigned_by_cloudinary(fakes: Fakes) -> None:
    act(fakes.deps, person(added=("person",), at=START - 9), fakes.remaining)
    observed(fakes, tags=("people", "person", "musician", "press"))
    observed(fakes, START + 99_000, "d2", labels={"People": 0.2}, version=200, tags=("people", "press"))


def taken_over(fakes: Fakes) -> None:
    """The first owner dies between its calls; the second finishes, and a person speaks in between."""
    fakes.effects.die_at = (1, "after")
    with pytest.raises(Died):
        tagged(fakes)
    act(fakes.deps, person(removed=("People", "auto:People"), at=START + 30), fakes.remaining)
    fakes.clock.advance(7200)
    sweep(fakes.deps, fakes.remaining)


def failed(fakes: Fakes) -> None:
    observed(fakes, status="failed")


def uncategorized(fakes: Fakes) -> None:
    observed(fakes, status="none")


def timed_out(fakes: Fakes) -> None:
    observed(fakes, status="pending")
    fakes.clock.advance(90_000)
    sweep(fakes.deps, fakes.remaining)


def gone(fakes: Fakes) -> None:
    observed(fakes, status="pending")
    fakes.cloudinary.assets.clear()
    fakes.clock.advance(3600)
    sweep(fakes.deps, fakes.remaining)


def refused(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Permanent("too many tags")]
    tagged(fakes)


def vanished(fakes: Fakes) -> None:
    fakes.cloudinary.fails = [Missing("not found")]
    tagged(fakes)


Story = Callable[[Fakes], None]
STORIES: dict[Story, list[str]] = {
    tagged: ["tagged"],
    new_version: ["tagged", "tagged"],
    labels_again: ["tagged", "tagged", "unchanged"],
    tag_lost_elsewhere: ["tagged", "tagged"],
    people_in_between: ["tagged", "tagged", "tagged"],
    assigned_by_cloudinary: ["tagged", "tagged"],
    taken_over: ["tagged", "tagged"],
    failed: ["failed"],
    uncategorized: ["skipped"],
    timed_out: ["timed_out"],
    gone: ["gone"],
    refused: ["failed"],
    vanished: ["gone"],
}
RULES = {
    "default": "",
    "adopt": ADOPT,
    "rich": RICH,
    "dry": f'{ADOPT}mode = "dry_run"\n',
    "skip": '[[when]]\nname = "left"\nfolder = "stage"\nskip = true\n',
}


def records(rules: str, story: Story) -> list[Audit]:
    """Return the audits of a story as they are read back from where they are stored."""
    fakes = Fakes(rules)
    story(fakes)
    return [
        msgspec.json.decode(msgspec.json.encode(audit), type=Audit)
        for audit in sorted(fakes.audits.records.values(), key=lambda audit: audit.audit_id)
    ]


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
@pytest.mark.parametrize("story", STORIES)
def test_every_record_replays_identically(story: Story, rules: str) -> None:
    ruleset = Ruleset(parse_rules(rules))
    found = records(rules, story)
    assert found
    for audit in found:
        assert audit.rules.version == ruleset.version
        assert replay(audit, ruleset) == ()


@pytest.mark.parametrize("story", STORIES)
def test_the_stories_are_what_they_are_called(story: Story) -> None:
    outcomes = [audit.outcome for audit in records(ADOPT if story is assigned_by_cloudinary else "", story)]
    assert sorted(outcomes) == sorted(STORIES[story])


def test_a_tag_that_was_lost_is_added_again_on_replay_too() -> None:
    _, audit = records("", tag_lost_elsewhere)
    assert isinstance(audit.inputs, Inputs)
    assert audit.tags.added == ("People", "Person", "Stage", "Electric Guitar", "Guitar")
    assert replay(replace(audit, inputs=replace(audit.inputs, missing=())), Ruleset(parse_rules(""))) == (
        "tags added: recorded People, Person, Stage, Electric Guitar, Guitar, now Stage",
    )


def test_a_tag_that_a_person_added_is_not_adopted_on_replay_either() -> None:
    ruleset = Ruleset(parse_rules(ADOPT))
    audit = records(ADOPT, assigned_by_cloudinary)[0]
    assert isinstance(audit.inputs, Inputs) and audit.inputs.people == ("person",)
    assert replay(replace(audit, inputs=replace(audit.inputs, people=())), ruleset)


@pytest.mark.parametrize("story", [refused, vanished])
def test_what_was_decided_is_kept_where_another_end_came_of_it(story: Story) -> None:
    (audit,) = records("", story)
    assert isinstance(audit.decided, Decided) and has_decision(audit)
    assert audit.decided.outcome == "tagged" and audit.decided.tags.added == tuple(kept())
    assert audit.tags.added == ()
    assert not {"decided", "inputs"}.intersection(msgspec.json.decode(public(audit)))


def kept() -> list[str]:
    return ["People", "Person", "Electric Guitar", "Guitar"]


@pytest.mark.parametrize(("story", "decided"), [(gone, False), (failed, True), (uncategorized, True), (tagged, True)])
def test_there_is_something_to_decide_unless_the_asset_was_gone(story: Story, decided: bool) -> None:
    assert [has_decision(audit) for audit in records("", story)] == [decided]


def test_there_is_nothing_to_decide_where_a_person_acted() -> None:
    decided = {audit.trigger.kind: has_decision(audit) for audit in records("", people_in_between)}
    assert decided == {"webhook": True, "person": False}


def test_other_rules_are_told_label_by_label() -> None:
    (audit,) = records("", tagged)
    *differences, last = replay(audit, Ruleset(parse_rules("[defaults]\nthreshold = 0.9")))
    assert differences[0] == "tags added: recorded People, Person, Electric Guitar, Guitar, now People, Person"
    assert [sentence.split(":")[0] for sentence in differences[1:]] == [
        f'label "{label}" of aws_rek_tagging' for label in ("People", "Person", "Electric Guitar", "Guitar")
    ]
    assert differences[-1].endswith(
        'recorded kept as "Guitar" (0.7046, threshold 0.7, defaults.threshold), '
        "now below_threshold (0.7046, threshold 0.9, defaults.threshold)"
    )
    assert last.startswith('label "Musician"') and "now below_threshold (0.5754, threshold 0.9" in last


Forge = Callable[[Audit], Audit]


@pytest.mark.parametrize(
    ("forged", "sentence"),
    [
        (lambda a: replace(a, outcome="unchanged"), "outcome: recorded unchanged, now tagged"),
        (lambda a: replace(a, mode="dry_run"), "mode: recorded dry_run, now apply"),
        (lambda a: replace(a, reason="because"), "reason: recorded because, now none"),
        (lambda a: replace(a, tags=replace(a.tags, before=())), "tags before: recorded none, now press"),
        (lambda a: replace(a, tags=replace(a.tags, removed=("x",))), "tags removed: recorded x, now none"),
        (lambda a: replace(a, tags=replace(a.tags, review=("y", "z"))), "tags to review: recorded y, z, now none"),
        (lambda a: replace(a, labels=a.labels[::-1]), "labels: recorded in another order"),
        (
            lambda a: replace(a, labels=a.labels[1:]),
            'label "People" of aws_rek_tagging: recorded nothing, now kept as "People" '
            "(0.9922, threshold 0.7, defaults.threshold)",
        ),
    ],
)
def test_each_part_of_a_record_is_compared(forged: Forge, sentence: str) -> None:
    (audit,) = records("", tagged)
    assert replay(forged(audit), Ruleset(parse_rules(""))) == (sentence,)


def test_a_difference_names_the_engine_where_another_one_decided() -> None:
    (audit,) = records("", tagged)
    ruleset = Ruleset(parse_rules(""))
    assert replay(replace(audit, engine="0"), ruleset) == ()
    differences = replay(replace(audit, engine="0", outcome="unchanged"), ruleset)
    assert differences[-1] == f"engine 0 decided, engine {ENGINE_VERSION} decided again"


def test_a_record_without_inputs_has_nothing_to_replay() -> None:
    (audit,) = records("", tagged)
    assert replay(replace(audit, inputs=UNSET, outcome="unchanged"), Ruleset(parse_rules(""))) == ()
