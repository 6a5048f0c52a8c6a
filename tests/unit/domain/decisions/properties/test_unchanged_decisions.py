"""Rules without the keys of a later release decide as they always have, to the byte."""

import hashlib
import random

import msgspec
import pytest

from autotag.domain.decisions.decide import decide
from autotag.domain.model.labels import Label
from autotag.domain.rules.compiled.ruleset import Subject
from tests.unit.domain.decisions.decision_helpers import book

EVERYTHING = """
[defaults]
threshold = 0.7
review = 0.5
max_tags = 6
case = "lower"
prefix = "auto:"
providers = ["aws_rek_tagging", "google_tagging"]
deny = ["Person"]
[labels."Electric Guitar"]
threshold = 0.6
tag = "guitar"
parents = ["music"]
priority = 2
[labels.Stage]
threshold = 0.9
[[when]]
name = "stage"
folder = "stage/**"
format = ["jpg"]
set = { threshold = 0.6, prefix = "" }
add = ["concert"]
[[when]]
tags_any = ["press"]
context = { license = "editorial" }
labels = { Crowd = { threshold = 0.3, tag = "people" } }
[[when]]
labels_any = ["Guitar", "Drum"]
set.max_tags = 3
[[when]]
folder = "private/*"
skip = true
"""
NAMES = ["Guitar", "guitar", "Electric Guitar", "Stage", "Crowd", "Drum", "Person", "Music", "Cat, black", "Café"]


def decisions(text: str) -> str:
    """Return a digest of 400 decisions on assets that are always the same."""
    chance, ruleset = random.Random(7), book(text)
    digest = hashlib.sha256()
    for _ in range(400):
        labels = {
            provider: [Label(chance.choice(NAMES), chance.randrange(0, 101) / 100) for _ in range(chance.randrange(9))]
            for provider in ("aws_rek_tagging", "google_tagging")[: chance.randrange(1, 3)]
        }
        subject = Subject(
            folder=chance.choice(["", "stage/live", "private/a"]),
            format=chance.choice(["jpg", "png"]),
            context=chance.choice([{}, {"license": "editorial"}]),
            user_tags=tuple(chance.sample(["press", "Music", "auto:drum"], chance.randrange(3))),
            managed_tags=frozenset(chance.sample(["auto:guitar", "concert"], chance.randrange(2))),
            suppressed=frozenset(chance.sample(["guitar", "crowd", "concert"], chance.randrange(2))),
        )
        digest.update(msgspec.json.encode(decide(labels, subject, ruleset)))
    return digest.hexdigest()


@pytest.mark.parametrize(
    ("text", "version", "digest"),
    [
        (
            "",
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            "6f775f88e1ad190356d64113e05ebf119504db8433ab4af03a1317b9de9eee35",
        ),
        (
            EVERYTHING,
            "3c13c0fc46e363a6ce205a445b0208aa39ba9d9ccb3cf9d87794ecda5f3b2504",
            "71190c6f3703eed5fafffff8ce71608723efc4bf1d8c8a3e7d4ce5eb2752182c",
        ),
    ],
    ids=["nothing", "every key"],
)
def test_rules_without_new_keys_have_the_version_and_decide_what_they_did(text: str, version: str, digest: str) -> None:
    assert book(text).version == version
    assert decisions(text) == digest
