"""The definition of a structured metadata field as calls send it and as answers show it."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from simulator.core.errors import ApiError, missing_parameter
from simulator.core.params import Params
from simulator.metadata.datasource import SentEntry, with_sent
from simulator.metadata.fields import MetadataField
from simulator.metadata.validation import Validation, fits
from simulator.metadata.values import convert_value

_MAX_LABEL = 1000


class _Restrictions(Struct, frozen=True):
    readonly_ui: bool = False


class _Datasource(Struct, frozen=True):
    values: tuple[SentEntry, ...] = ()


def redefined(field: MetadataField, params: Params) -> MetadataField:
    """Return ``field`` with what a call sends of it. Raises ``ApiError`` 400 if that is not valid together.

    external_id and type stay, whatever is sent (pycloudinary test_metadata.py, test 08).
    """
    values = params.values
    field = replace(
        field,
        label=params.text("label", field.label),
        mandatory=params.flag("mandatory", field.mandatory),
        default_disabled=params.flag("default_disabled", field.default_disabled),
        allow_dynamic_list_values=params.flag("allow_dynamic_list_values", field.allow_dynamic_list_values),
    )
    if "restrictions" in values:
        restrictions: _Restrictions = json_value(params.text("restrictions"), _Restrictions, "restrictions")
        field = replace(field, readonly_ui=restrictions.readonly_ui)
    if "validation" in values:
        field = replace(field, validation=json_value(params.text("validation"), Validation, "validation"))
    if "datasource" in values:
        datasource: _Datasource = json_value(params.text("datasource"), _Datasource, "datasource")
        field = replace(field, datasource=with_sent(field.datasource, datasource.values))
    if "default_value" in values:
        field = replace(field, default_value=convert_value(field, values["default_value"]))
        if field.default_value is None:
            raise ApiError(400, "default_value is invalid")
    return _consistent(field)


def field_body(field: MetadataField) -> dict[str, Any]:
    """Return a field as answers show it, with the keys in the order of Cloudinary's documented samples."""
    datasource = {"datasource": {"values": msgspec.to_builtins(field.datasource)}} if field.has_datasource else {}
    return {
        "type": field.type,
        "external_id": field.external_id,
        "label": field.label,
        "mandatory": field.mandatory,
        "default_value": field.default_value,
        "validation": msgspec.to_builtins(field.validation),
        **datasource,
        "default_disabled": field.default_disabled,
        "restrictions": {"readonly_ui": field.readonly_ui},
        "allow_dynamic_list_values": field.allow_dynamic_list_values,
    }


def json_value(text: str, type_: Any, name: str) -> Any:
    """Return the JSON of a parameter as ``type_``. Raises ``ApiError`` 400."""
    try:
        return msgspec.json.decode(text, type=type_)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(400, f"{name} is invalid - {error}") from error


def _consistent(field: MetadataField) -> MetadataField:
    if not field.label or len(field.label) > _MAX_LABEL:
        raise ApiError(400, f"label is invalid - from 1 to {_MAX_LABEL} characters are expected")
    if field.has_datasource and not field.datasource:
        raise missing_parameter("datasource")
    if field.datasource and not field.has_datasource:
        raise ApiError(400, f"datasource is invalid - a field of type {field.type} has none")
    if field.validation is not None and not fits(field.validation, field.type):
        raise ApiError(400, f"validation is invalid - a field of type {field.type} cannot have it")
    if field.default_value is not None and field.validation and not field.validation.accepts(field.default_value):
        raise ApiError(400, "default_value is invalid")
    if field.mandatory and (field.default_value is None or field.default_disabled):
        raise ApiError(400, "default_value is missing - a mandatory field needs one that is not disabled")
    return field
