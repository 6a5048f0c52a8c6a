"""What ``rules diff`` counts is what the service would do: the tags on the asset, had the other rules decided."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.evaluate import evaluate, plan_tags
from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Inputs
from autotag.domain.model.labels import REKOGNITION, Categorization, Label, LabelRelations, label_key
from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.schema import Rules
from autotag.domain.state.asset_state import AssetState, TagPreference
from autotag_cli.rules.asset_inputs import inputs_of_scanned
from autotag_cli.rules.diff.count_changes import ComparedRules, count_asset
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.run_command import autotag, fake_environment
from tests.unit.domain.rules.rule_strategies import LABELS, RULES, SETS, SUBJECTS, TAGS

ADOPTING = st.builds(
    lambda rules, how: replace(rules, defaults=replace(rules.defaults, auto_tagged=how, mode="apply")),
    RULES.map(lambda rules: replace(rules, when=tuple(replace(w, set=replace(w.set, mode=None)) for w in rules.when))),
    st.sampled_from(["leave", "adopt"]),
)
REF = AssetRef("a", "stage/a", "image", "upload", 1)


def on_it(scanned: ScannedAsset, ruleset: Ruleset) -> set[str]:
    """Return the tags on the asset once the service has decided by ``ruleset``."""
    inputs = Inputs(
        facts=scanned.facts or Facts("", "", {}, (), 0),
        categorizations={p: scanned.categorizations[p] for p in ruleset.providers if p in scanned.categorizations},
        managed_tags=scanned.managed_tags,
        user_tags=scanned.user_tags,
        suppressed=scanned.suppressed,
        people=scanned.person_tags,
        unheard=inputs_of_scanned(scanned).retainable_tags(ruleset),
        resource_type=scanned.asset.resource_type,
    )
    done = plan_tags(evaluate(inputs, ruleset), inputs, ruleset)
    return (set(scanned.managed_tags) | set(scanned.user_tags)) - set(done.tags.removed) | set(done.tags.added)


def scanned(
    labels: dict[str, list[Label]],
    subject: Subject,
    people: frozenset[str],
    failed: str = "",
    givers: dict[str, tuple[str, ...]] | None = None,
) -> ScannedAsset:
    user_tags = tuple(tag for tag in dict.fromkeys(subject.user_tags) if tag not in subject.managed_tags)
    about = {key: LabelRelations(names, (), ("Things",)) for key, names in subject.ancestors.items()}
    return ScannedAsset(
        asset=replace(REF, resource_type=subject.resource_type),
        facts=Facts(subject.folder, subject.format, subject.context, user_tags, 1, dict(subject.metadata)),
        categorizations={
            p: Categorization("failed")
            if p == failed
            else Categorization("complete", tuple(found), about=about if p == REKOGNITION else {})
            for p, found in labels.items()
        },
        managed_tags=tuple(sorted(subject.managed_tags)),
        tag_sources={tag: (label_key(tag),) for tag in sorted(subject.managed_tags)} if failed in labels else {},
        tag_providers=givers or {},
        user_tags=user_tags,
        suppressed=tuple(sorted(subject.suppressed)),
        person_tags=tuple(tag for tag in user_tags if tag in people),
        status="tagged",
        review=(),
        preferences=(),
        decided_at=1,
    )


@given(
    labels=LABELS,
    subject=SUBJECTS,
    old=ADOPTING,
    new=ADOPTING,
    people=st.frozensets(st.sampled_from(["guitar", "Guitar", "music", "person"])),
    failed=st.sampled_from(["", "", "google_tagging", "aws_rek_tagging"]),
    givers=st.dictionaries(TAGS, st.sampled_from([(), ("google_tagging",), ("aws_rek_tagging",)])),
)
def test_it_counts_what_the_service_would_write(
    labels: dict[str, list[Label]],
    subject: Subject,
    old: Rules,
    new: Rules,
    people: frozenset[str],
    failed: str,
    givers: dict[str, tuple[str, ...]],
) -> None:
    asset, before, after = scanned(labels, subject, people, failed, givers), Ruleset(old, SETS), Ruleset(new, SETS)
    changes = TagChangeCounts(1)

    count_asset(changes, inputs_of_scanned(asset), ComparedRules(before, after, 1))

    had, gets = on_it(asset, before), on_it(asset, after)
    if changes.undecided:
        assert gets == set(asset.managed_tags) | set(asset.user_tags)
    else:
        assert {tag for tag, change in changes.tags.items() if change.gained} == gets - had
        assert {tag for tag, change in changes.tags.items() if change.lost} == had - gets


def test_what_a_failed_provider_gave_is_neither_lost_nor_gained(tmp_path: Path) -> None:
    both = '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n'
    givers = {"Dog": ("google_tagging",), "Fur": ("aws_rek_tagging",)}
    known = state(managed_tags={"Dog": ("dog",), "Fur": ("fur",)}, givers=givers)
    known.categorizations["google_tagging"] = Categorization("failed", error="quota")

    found = differences(known, both, f'{both}[labels.Person]\nthreshold = 0.5\ntag = "Dog"\n', tmp_path)

    assert found["tags"] == []


def differences(state: AssetState, old: str, new: str, folder: Path) -> dict[str, Any]:
    (folder / "old.toml").write_text(old)
    (folder / "new.toml").write_text(new)
    ops = FakeOps()
    ops.states["a"] = state
    command = ("rules", "diff", folder / "old.toml", folder / "new.toml", "--stored", "--stack", "prod", "--json")
    result = autotag(*command, obj=fake_environment(ops))
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def state(*tags: str, **changes: Any) -> AssetState:
    labels = (Label("Guitar", 0.9), Label("Person", 0.6))
    found = AssetState(
        REF,
        "tagged",
        facts=Facts("stage", "jpg", {}, tags, 1_000_000),
        categorizations={"aws_rek_tagging": Categorization("complete", labels)},
    )
    return replace(found, **changes)


def changes(found: dict[str, Any]) -> dict[str, int]:
    return {printed["tag"]: printed["gained"] - printed["lost"] for printed in found["tags"]}


def test_rules_that_ask_other_providers_leave_the_asset_as_it_is(tmp_path: Path) -> None:
    other = '[defaults]\nproviders = ["google_tagging"]\n'

    found = differences(state("press"), "", other, tmp_path)
    assert (changes(found), found["undecided"]) == ({}, 1)
    assert changes(differences(state("press"), other, "", tmp_path)) == {"Guitar": 1}


def test_rules_that_skip_an_asset_take_nothing_away(tmp_path: Path) -> None:
    skipping = "[[when]]\nskip = true\n"

    assert changes(differences(state(managed_tags={"Guitar": ("guitar",)}), "", skipping, tmp_path)) == {}


def test_adopted_tags_are_lost_where_rules_drop_them_but_not_what_a_person_added(tmp_path: Path) -> None:
    adopting = '[defaults]\nauto_tagged = "adopt"\n'

    assert changes(differences(state("person", "press"), "", adopting, tmp_path)) == {"person": -1}
    preference = {"person": TagPreference("add", 2_000_000, "person")}
    assert changes(differences(state("person", people=preference), "", adopting, tmp_path)) == {}
