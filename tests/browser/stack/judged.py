"""Pictures that people were asked about at random, known to a stack as if each had been decided on and answered."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from uuid import uuid4

from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.labels import Categorization, Label, label_key
from autotag.domain.model.verdicts import RULES_DIGITS, Bar, Sample
from autotag.domain.state.asset_state import AssetState, TagPreference
from local.clients.tables import forget_states, put_states
from local.stack.stack import Stack

_PICTURES, _EVERY = 400, 7
"""Pictures, and how many there are for each that was answered: about sixty answers."""

_BAR = Bar(0.7, 0.6)
"""That of ``library.ASKS``."""


@contextmanager
def judged_pictures(stack: Stack, label: str, *, right_from: float) -> Iterator[None]:
    """Add pictures with a label of all confidences from 0.3 on, the low ones more often; it is right from a bar on.

    They are gone at the end: Cloudinary has none of them, so no page could show them to another test.
    """
    states = [_picture(label, n, right_from) for n in range(_PICTURES)]
    put_states(stack, states)
    try:
        yield
    finally:
        forget_states(stack, states)


def _picture(label: str, number: int, right_from: float) -> AssetState:
    at, key = int(time.time() * 1000), label_key(label)
    confidence = round(0.3 + 0.69 * (number / _PICTURES) ** 1.4, 4)
    has_tag = confidence >= _BAR.threshold
    state = AssetState(
        AssetRef(uuid4().hex, f"travel/{key}-{number:03}", "image", "upload", at // 1000),
        "tagged" if has_tag else "unchanged",
        facts=Facts("travel", "jpg", {}, (label,) if has_tag else (), at),
        categorizations={"aws_rek_tagging": Categorization("complete", (Label(label, confidence),), at)},
        managed_tags={label: (key,)} if has_tag else {},
        final_at=at,
    )
    if number % _EVERY:
        return state
    is_right, rules = confidence >= right_from, "0" * RULES_DIGITS
    answer: Literal["accept", "reject"] = "accept" if is_right else "reject"
    sample = Sample(at, label, key, round(confidence * 10_000), rules, _BAR, answer, at)
    wish = TagPreference("add" if is_right else "remove", at, label, (key,), answer=rules, rules=rules)
    tags = (label,) if is_right else ()
    assert state.facts is not None
    return replace(
        state, people={key: wish}, samples={key: sample}, facts=replace(state.facts, tags=tags), managed_tags={}
    )
