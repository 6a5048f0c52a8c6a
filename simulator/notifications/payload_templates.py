"""Payload templates of triggers: JSON in whose texts ``{{field}}`` stands for a field of the notification."""

import re
from typing import Any

import msgspec

MAX_BYTES = 16 * 1024
_TAG = re.compile(r"\{\{\{?\s*([\w.]+)\s*\}?\}\}")
_BRACES = re.compile(r"\{\{|\}\}")


def template_error(template: Any) -> str | None:
    """Return what is wrong with a template, in one sentence, or None if it can be rendered."""
    if not isinstance(template, dict):
        return "Invalid payload_template - a JSON object is expected"
    if len(msgspec.json.encode(template)) > MAX_BYTES:
        return f"Invalid payload_template - it is longer than {MAX_BYTES} bytes"
    for text in _texts(template):
        if _BRACES.search(_TAG.sub("", text)):
            return f"Invalid payload_template - this simulator renders only {{{{field}}}}, not {text[:60]!r}"
    return None


def render(template: dict[str, Any], notification: dict[str, Any]) -> dict[str, Any]:
    """Return the body that ``template`` renders for ``notification``.

    A text that is just one ``{{field}}`` becomes the field's own value; within other text it becomes text.
    A missing field becomes null, or nothing within other text.
    """
    return {name: _filled(value, notification) for name, value in template.items()}


def _filled(value: Any, notification: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return render(value, notification)
    if isinstance(value, list):
        return [_filled(entry, notification) for entry in value]
    if not isinstance(value, str):
        return value
    alone = _TAG.fullmatch(value)
    if alone:
        return _field(notification, alone[1])
    return _TAG.sub(lambda tag: _text(_field(notification, tag[1])), value)


def _field(notification: dict[str, Any], path: str) -> Any:
    value: Any = notification
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for entry in value.values() for text in _texts(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in _texts(entry)]
    return [value] if isinstance(value, str) else []
