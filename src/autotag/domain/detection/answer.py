"""An answer of DetectLabels as a categorization.

Confidence is 0 to 100 there, and 0 to 1 in an add-on's answer: neither of the two readers takes the other's range for
its own. Source of all names and ranges: botocore 1.x, data/rekognition/2016-06-27/service-2.json, the shapes
``DetectLabelsResponse``, ``Label``, ``Parent``, ``LabelAlias``, ``LabelCategory`` and ``Percent`` (0 to 100).
"""

import math
from collections.abc import Mapping
from typing import Any, Literal

from autotag.domain.model.labels import Categorization, Label, LabelRelations, label_key

_LONGEST_NAME = 255
_DECIMALS = 4


def read_answer(answer: Mapping[str, Any], observed_at: int, source: Literal["url", "s3"]) -> Categorization:
    """Read an answer that came at ``observed_at`` (unix milliseconds) about a picture from ``source``.

    Confidence is rounded to four decimals: what is stored is what is compared and replayed. Boxes are left out. Of two
    entries of one label, what the surer one says about it is kept.
    """
    entries = answer.get("Labels")
    model = answer.get("LabelModelVersion")
    known = model[:_LONGEST_NAME] if isinstance(model, str) else ""
    if not isinstance(entries, list):
        error = "the answer holds no list of labels"
        return Categorization("failed", observed_at=observed_at, error=error, model=known, source=source)
    labels = tuple(_label(entry, f"Labels[{place}]") for place, entry in enumerate(entries))
    about: dict[str, LabelRelations] = {}
    counted: dict[str, float] = {}
    for label, entry in zip(labels, entries, strict=True):
        key = label_key(label.name)
        if not label.fault and label.confidence > counted.get(key, -1.0):  # the entry that decisions count
            counted[key], about[key] = label.confidence, _relations(entry)
    return Categorization(
        "complete",
        labels,
        observed_at,
        model=known,
        source=source,
        about={key: found for key, found in about.items() if found != LabelRelations()},
    )


def _label(entry: object, place: str) -> Label:
    if not isinstance(entry, dict):
        return Label("", 0.0, f"{place} is {type(entry).__name__}, expected an object with Name and Confidence")
    name, confidence = _name(entry), entry.get("Confidence")
    if not name:
        return Label("", 0.0, f"{place}.Name holds no name")
    if isinstance(confidence, bool) or not isinstance(confidence, int | float):
        return Label(name, 0.0, f"{place}.Confidence is not a number")
    if not (math.isfinite(confidence) and 0 <= confidence <= 100):
        return Label(name, 0.0, f"{place}.Confidence is {confidence}, outside 0 to 100")
    return Label(name, round(confidence / 100, _DECIMALS))


def _relations(entry: dict[str, Any]) -> LabelRelations:
    return LabelRelations(*(_names(entry.get(field)) for field in ("Parents", "Aliases", "Categories")))


def _names(entries: object) -> tuple[str, ...]:
    found = [_name(each) for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return tuple(dict.fromkeys(name for name in found if name))


def _name(entry: dict[str, Any]) -> str:
    name = entry.get("Name")
    return " ".join(name[:_LONGEST_NAME].split()) if isinstance(name, str) else ""
