"""Transformations as upload presets answer them: an object for each step, with the SDKs' names of parameters.

Source: cloudinary_gem spec/api_spec.rb, "should allow getting a single upload_preset".
"""

import re
from typing import Any

_NAMES = {
    "a": "angle", "b": "background", "bo": "border", "c": "crop", "co": "color", "d": "default_image",
    "dl": "delay", "dn": "density", "dpr": "dpr", "du": "duration", "e": "effect", "f": "fetch_format",
    "fl": "flags", "g": "gravity", "h": "height", "l": "overlay", "o": "opacity", "pg": "page", "q": "quality",
    "r": "radius", "t": "raw_transformation", "u": "underlay", "w": "width", "x": "x", "y": "y", "z": "zoom",
}  # fmt: skip
"""Names of parameters by their prefix in a URL. Source: pycloudinary ``utils.py``, transformation strings."""
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_DECIMAL = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")


def steps_of(text: str) -> list[dict[str, Any]]:
    """Return the steps of a transformation such as ``c_scale,w_100/r_max``; what is not known stays as it was sent."""
    return [_step(step) for step in text.split("/") if step]


def _step(text: str) -> dict[str, Any]:
    step: dict[str, Any] = {}
    for part in text.split(","):
        prefix, underscore, value = part.partition("_")
        name = _NAMES.get(prefix) if underscore else None
        if name is None or prefix == "t" or name in step:
            return {"raw_transformation": text}
        step[name] = int(value) if _NUMBER.fullmatch(value) else float(value) if _DECIMAL.fullmatch(value) else value
    return dict(sorted(step.items(), reverse=True))
