"""The labels that a provider finds in an asset: recorded for known names, else generated from the file's hash.

Recordings are ``recordings/<name>.json``: a list of ``[tag, confidence]`` per provider, most confident first.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources

from simulator.assets.assets import Asset, Label

_LOWEST = 0.26
"""About the lowest confidence of Rekognition's labels (0.2636 in a captured answer of 50 labels)."""
_COUNT = 50
"""The number of labels generated for an asset."""


def labels_of(asset: Asset, provider: str) -> tuple[Label, ...]:
    """Return the labels of ``provider`` for ``asset``; the same file always gives the same labels."""
    last = asset.public_id.rsplit("/", 1)[-1]
    return labels_of_file(asset.digest, (last, last.rsplit(".", 1)[0], asset.original_filename), provider)


def labels_of_file(digest: str, names: Iterable[str], provider: str) -> tuple[Label, ...]:
    """Return the labels that are recorded for the first known one of ``names``, else those of the digest."""
    for name in names:
        recorded = _recordings().get(name, {}).get(provider)
        if recorded:
            return recorded
    return labels_of_digest(digest, provider)


@lru_cache(maxsize=10_000)
def labels_of_digest(digest: str, provider: str) -> tuple[Label, ...]:
    """Return the labels that are generated for a file with a SHA-256 (hex), the most confident first."""
    seed = f"{digest}:{provider}"
    scenes = sorted(_vocabulary(), key=lambda scene: _fraction(seed, scene[0][0]))
    groups = [group for scene in scenes[:2] for group in scene]
    others = sorted((g for scene in scenes[2:] for g in scene), key=lambda group: _fraction(seed, group[0]))
    top = 0.86 + 0.13 * _fraction(seed, "top")
    labels: dict[str, Label] = {}
    for group in groups + others:
        position = len(labels) / _COUNT
        confidence = round(_LOWEST + (top - _LOWEST) * (1 - position) ** 2.2, 4)
        for name in group:  # a parent shares its child's confidence, as in real answers
            labels.setdefault(name, Label(name, confidence))
        if len(labels) >= _COUNT:
            break
    return tuple(list(labels.values())[:_COUNT])


def _fraction(seed: str, name: str) -> float:
    return int.from_bytes(hashlib.sha256(f"{seed}:{name}".encode()).digest()[:6]) / 2**48


@cache
def _recordings() -> dict[str, dict[str, tuple[Label, ...]]]:
    return {
        entry.name.removesuffix(".json"): {
            provider: tuple(Label(tag, confidence) for tag, confidence in pairs)
            for provider, pairs in json.loads(entry.read_text("utf-8")).items()
        }
        for entry in resources.files("simulator").joinpath("recordings").iterdir()
        if entry.name.endswith(".json")
    }


@cache
def _vocabulary() -> list[list[list[str]]]:
    scenes: list[list[list[str]]] = json.loads(
        resources.files("simulator").joinpath("vocabulary.json").read_text("utf-8")
    )
    return scenes
