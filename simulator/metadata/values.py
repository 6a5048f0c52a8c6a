"""The values of structured metadata that calls send, in the type of their field."""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from simulator.assets.assets import MetadataValue
from simulator.assets.tags import parse_pairs
from simulator.core.errors import ApiError
from simulator.core.time_parsing import is_date
from simulator.metadata.datasource import MAX_ENTRIES, active_ids
from simulator.metadata.fields import MetadataField, MetadataFields

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_UNKNOWN_FIELD = "Invalid value  for parameter kind"
"""The answer to a value of a field that does not exist. Source: pycloudinary issue 358, CloudinaryDotNet issue 318."""


def parse_metadata(text: str, fields: MetadataFields) -> dict[str, MetadataValue | None]:
    """Return the values in ``field=value|other=value``, None for an empty one, which clears the field.

    Raises ``ApiError`` 400 for an unknown field, for a value that its field cannot have, and where a mandatory field is
    cleared. The wording for such values is not known.
    """
    values: dict[str, MetadataValue | None] = {}
    for external_id, sent in parse_pairs(text, "metadata").items():
        field = fields.find(external_id)
        if field is None:
            raise ApiError(400, _UNKNOWN_FIELD)
        values[external_id] = convert_value(field, sent) if sent else None
        if not sent and field.mandatory:
            raise ApiError(400, f"Metadata field {external_id} is mandatory")
        if sent and values[external_id] is None:
            raise ApiError(400, f"Invalid value {sent[:100]} for metadata field {external_id}")
    return values


def changed(before: Mapping[str, MetadataValue], sent: Mapping[str, MetadataValue | None]) -> dict[str, MetadataValue]:
    """Return the values ``before`` with those that a call ``sent``, without the ones that it clears."""
    return {key: value for key, value in {**before, **sent}.items() if value is not None}


def with_defaults(values: Mapping[str, MetadataValue], fields: MetadataFields) -> dict[str, MetadataValue]:
    """Return the values of an uploaded asset, with the defaults of the fields that have none.

    Source: pycloudinary test_api.py, "structured metadata in resources". Not known: whether the default of a field that
    is defined later shows on assets uploaded before; here it does not.
    """
    defaults = {field.external_id: field.default_value for field in fields.all() if not field.default_disabled}
    return {key: value for key, value in {**defaults, **values}.items() if value is not None}


def convert_value(field: MetadataField, sent: str | list[str]) -> MetadataValue | None:
    """Return ``sent`` as a value of ``field``, or None if the field cannot have it."""
    value = _set(sent) if field.type == "set" else _single(field, sent)
    if value is None or (field.validation is not None and not field.validation.accepts(value)):
        return None
    named = value if isinstance(value, list) else [str(value)]
    return value if not field.has_datasource or active_ids(field.datasource).issuperset(named) else None


def _single(field: MetadataField, sent: str | list[str]) -> MetadataValue | None:
    if isinstance(sent, list):
        return None
    if field.type == "integer":
        return int(sent) if _INTEGER.fullmatch(sent) else None
    if field.type == "date":
        return sent if _is_day(sent) else None
    return sent


def _set(sent: str | list[str]) -> list[str] | None:
    """Return the external_ids in a list, which calls on assets write as JSON: ``["green","red"]``."""
    if isinstance(sent, str):
        try:
            entries = msgspec.json.decode(sent, type=list[str | int])
        except (msgspec.DecodeError, RecursionError):
            return None
        sent = [str(entry) for entry in entries]
    return list(dict.fromkeys(sent)) if len(sent) <= MAX_ENTRIES else None


def _is_day(text: str) -> bool:
    try:
        return is_date(text) and date.fromisoformat(text) is not None
    except ValueError:
        return False
