"""Evidence of a library: acts count once, and the tags that would come and go are those of ``rules diff``."""

import random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from autotag.domain.decisions.compare import changed_tags
from autotag.domain.learning.label_evidence import EXAMPLES
from autotag.domain.learning.outcome import come_and_go
from autotag.domain.learning.scanned_asset import ScannedAsset
from autotag.domain.learning.steps import STEPS, THRESHOLDS, step_of
from autotag.domain.learning.suggestions import Suggestions, suggest
from autotag.domain.model.asset import Facts
from autotag.domain.model.labels import label_key, label_keys
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import LabelRule
from tests.unit.domain.learning.judged_assets import (
    AT,
    RULES,
    UNASKED,
    added,
    answered_at_random,
    asset,
    evidence,
    left,
    removed,
)


def weights(assets: list[ScannedAsset], label: str) -> tuple[float, float]:
    """Return what the verdicts on a label weigh: in all, and those that say right."""
    points = evidence(assets).labels[label].points()
    return round(sum(each.weight for each in points), 6), round(sum(each.right for each in points), 6)


def bulk_removals(number: int, seconds: int) -> list[ScannedAsset]:
    return [
        asset(
            {"Stage": 0.7 + n / 1000, "Guitar": 0.8},
            n,
            preferences=(removed("Stage", AT + n * seconds * 1000), removed("Guitar", AT + n * seconds * 1000)),
        )
        for n in range(number)
    ]


def test_a_bulk_edit_counts_once_however_many_assets_it_changed() -> None:
    assert weights(bulk_removals(60, 0), "stage") == (1, 0)
    assert weights(bulk_removals(60, 60), "stage") == (60, 0)


def test_what_a_bulk_edit_left_counts_once_too() -> None:
    assets = [
        asset({"Stage": 0.9, "Dog": 0.4}, n, preferences=(added("Dog"),), left={"stage": left()}) for n in range(60)
    ]
    assert weights(assets, "stage") == (1, 1)


def test_the_same_minute_in_another_folder_is_another_act() -> None:
    assets = [
        replace(each, facts=Facts(f"folder{n % 3}", "jpg", {}, (), 0)) for n, each in enumerate(bulk_removals(60, 0))
    ]
    assert weights(assets, "stage") == (3, 0)


@given(st.randoms(use_true_random=False))
def test_verdicts_weigh_the_same_to_the_last_digit_whatever_the_order_of_the_assets(dice: random.Random) -> None:
    assets = [
        replace(each, facts=Facts(f"folder{n * n % 23}", "jpg", {}, (), 0))
        for n, each in enumerate(bulk_removals(60, 0))
    ]
    known = evidence(assets).labels["stage"].points()
    dice.shuffle(assets)
    assert evidence(assets).labels["stage"].points() == known


def test_answers_of_one_request_count_in_full_up_to_twenty() -> None:
    for number, counted in ((20, 20), (100, 20)):
        assets = [asset({"Dog": 0.5}, n, preferences=(added("Dog", answer="1"),)) for n in range(number)]
        assert weights(assets, "dog") == (counted, counted)


def test_edits_where_something_else_gives_the_tag_are_not_taken_for_edits_of_the_assets_that_are_counted() -> None:
    """Removals of Dog where a poodle gives it say nothing of the pictures on which Dog's threshold decides."""
    rules = UNASKED + '[labels.Poodle]\nparents = ["Dog"]\n'
    dogs = [answered_at_random(n, 0.7 + n / 400, right=n % 10 > 0) for n in range(100)]
    poodles = [
        asset({"Dog": 0.7 + n / 400, "Poodle": 0.9}, 100 + n, preferences=(removed("Dog", AT + n * 60_000),))
        for n in range(100)
    ]

    (alone, with_poodles) = (
        suggest(evidence(each, rules), Ruleset(parse_rules(rules))) for each in (dogs, dogs + poodles)
    )

    def of_dogs(found: Suggestions) -> tuple[object, ...]:
        (dog,) = (each for each in found.labels if each.key == "dog")
        return dog.why, dog.proposed, dog.precision

    assert of_dogs(with_poodles) == of_dogs(alone)
    assert not evidence(poodles, rules).labels["dog"].removals


def test_samples_count_in_full_since_they_were_chosen_at_random() -> None:
    assets = [answered_at_random(n, 0.5, right=n < 30) for n in range(100)]
    assert weights(assets, "dog") == (100, 30)


def test_a_few_examples_are_kept_whatever_the_order_of_the_assets() -> None:
    assets = [answered_at_random(n, 0.5 + n / 1000, right=n % 2 == 0) for n in range(200)]
    shown, backward = (evidence(each).labels["dog"].shown(right=False) for each in (assets, list(reversed(assets))))
    assert shown == backward and len(shown) == EXAMPLES
    assert all(int(each.public_id.removeprefix("zoo/")) % 2 for each in shown)


@given(st.floats(0, 1))
def test_a_confidence_reaches_the_thresholds_up_to_its_step_and_no_others(confidence: float) -> None:
    step = step_of(confidence)
    assert THRESHOLDS[step] <= confidence and (step == STEPS or confidence < THRESHOLDS[step + 1])


CONFIDENCE = st.integers(0, 10_000).map(lambda n: n / 10_000)
TAG = st.sampled_from(["Dog", "dog", "Cat"])


@st.composite
def library(draw: st.DrawFn) -> list[ScannedAsset]:
    """Assets in two folders with dogs and cats, some of them people's, some removed."""
    assets = []
    for n in range(draw(st.integers(1, 12))):
        labels = {name: draw(CONFIDENCE) for name in draw(st.sets(st.sampled_from(["Dog", "Cat"]), min_size=1))}
        facts = Facts(draw(st.sampled_from(["zoo", "farm"])), "jpg", {}, (), 0)
        person, gone = draw(st.sets(TAG, max_size=1)), draw(st.sets(TAG, max_size=1))
        suppressed = tuple({label_key(tag) for tag in gone})
        assets.append(asset(labels, n, facts=facts, user_tags=tuple(person), managed_tags=(), suppressed=suppressed))
    return assets


RULEBOOKS = [
    RULES,
    RULES + '[[when]]\nfolder = "farm"\nset = { threshold = 0.9 }\n',
    RULES + '[[when]]\nfolder = "farm"\nlabels = { Dog = { threshold = 0.9 } }\n',
    RULES + '[[when]]\nfolder = "farm"\nskip = true\n',
    RULES + '[labels.Cat]\ntag = "dog"\n',
    RULES + '[labels.Cat]\nparents = ["Dog"]\n',
    RULES + '[labels.Dog]\nthreshold = 0.4\n[[when]]\nfolder = "farm"\nadd = ["dog"]\n',
]


@given(assets=library(), text=st.sampled_from(RULEBOOKS), step=st.integers(0, STEPS))
def test_the_tags_that_come_and_go_are_those_of_rules_diff(assets: list[ScannedAsset], text: str, step: int) -> None:
    rules = parse_rules(text)
    name = next((name for name in rules.labels if name == "Dog"), "Dog")
    own = replace(rules.labels.get(name, LabelRule()), threshold=THRESHOLDS[step])
    old, new = Ruleset(rules), Ruleset(replace(rules, labels={**rules.labels, name: own}))
    gained = lost = 0
    for each in assets:
        changed = changed_tags(each.complete_labels(), each.subject(), old, new)
        comes, goes = "dog" in label_keys(changed.gained), "dog" in label_keys(changed.lost)
        gained += comes and not goes  # both: the tag stays, in another spelling
        lost += goes and not comes

    known = evidence(assets, text).labels.get("dog")

    assert (come_and_go(known.library, step) if known else (0, 0)) == (gained, lost)


def test_assets_are_counted_and_those_on_which_verdicts_count() -> None:
    assets = [
        asset({"Dog": 0.5}),
        answered_at_random(1, 0.5, right=True),
        asset({"Dog": 0.5}, preferences=(added("Dog"),)),
    ]
    found = evidence(assets)
    assert (found.assets, found.judged, found.labels["dog"].not_counted["only_right"]) == (3, 1, 1)
