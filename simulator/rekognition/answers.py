"""The labels of an answer: names, confidences, ancestors, aliases, categories and boxes.

Source: botocore's service model ``rekognition/2016-06-27``, shapes DetectLabelsResponse and Label; and the developer
guide, "Detecting labels in an image": all ancestors of a label are named, and are labels of the answer themselves.
"""

import hashlib
import struct
from typing import Any

from simulator.assets.assets import Label
from simulator.rekognition.relations import label_name, relations_of

_BOXED = frozenset({"Bicycle", "Boat", "Car", "Cat", "Chair", "Dog", "Guitar", "Person", "Train", "Tree"})
"""Labels whose instances are boxed; Rekognition does so for common objects only."""


def answered_labels(
    found: tuple[Label, ...], digest: str, *, min_confidence: float, max_labels: int | None, renamed: dict[str, str]
) -> list[dict[str, Any]]:
    """Return the labels of an answer, most confident first; ``digest`` is that of the image (hex).

    ``min_confidence`` is 0 to 100, those of ``found`` are 0 to 1. ``renamed`` are the names of another label model.
    """
    confidences: dict[str, float] = {}
    for label in found:
        name = label_name(label.tag)  # labels that were recorded from an older model may be aliases by now
        confidences.setdefault(name, _percent(label.confidence, digest, name))
    for name, confidence in list(confidences.items()):
        for ancestor in relations_of(name).ancestors:
            confidences[ancestor] = max(confidence, confidences.get(ancestor, 0.0))
    ordered = sorted(confidences.items(), key=lambda pair: -pair[1])
    labels = [_label(name, confidence, digest, renamed) for name, confidence in ordered if confidence >= min_confidence]
    return labels if max_labels is None else labels[:max_labels]


def _label(name: str, confidence: float, digest: str, renamed: dict[str, str]) -> dict[str, Any]:
    relations = relations_of(name)
    return {
        "Name": renamed.get(name, name),
        "Confidence": confidence,
        "Instances": [_instance(name, confidence, digest)] if name in _BOXED else [],
        "Parents": [{"Name": renamed.get(ancestor, ancestor)} for ancestor in relations.ancestors],
        "Aliases": [{"Name": alias} for alias in relations.aliases],
        "Categories": [{"Name": category} for category in relations.categories],
    }


def _instance(name: str, confidence: float, digest: str) -> dict[str, Any]:
    """Return an invented box, in shares of the picture's width and height."""
    left, top, width, height = (_fraction(digest, name, side) for side in ("left", "top", "width", "height"))
    width, height = 0.1 + 0.4 * width, 0.1 + 0.4 * height
    box = {"Width": width, "Height": height, "Left": left * (1 - width), "Top": top * (1 - height)}
    return {"BoundingBox": box, "Confidence": confidence}


def _percent(confidence: float, digest: str, name: str) -> float:
    """Return a confidence as 0 to 100 with as many digits as a 32-bit float has, which rounds to the same 0 to 1."""
    digits = (_fraction(digest, name, "digits") - 0.5) * 0.0098
    exact: float = struct.unpack("f", struct.pack("f", confidence * 100 + digits))[0]
    return min(100.0, max(0.0, exact))


def _fraction(digest: str, name: str, part: str) -> float:
    return int.from_bytes(hashlib.sha256(f"{digest}:{name}:{part}".encode()).digest()[:6]) / 2**48
