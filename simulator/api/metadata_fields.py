"""The Admin API's calls on structured metadata fields and their datasources."""

import secrets
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from simulator.api.call import Call
from simulator.core.errors import ApiError
from simulator.core.params import Params
from simulator.environment import Environment
from simulator.metadata.datasource import MAX_ENTRIES, SentEntry, active_values, with_sent, with_state
from simulator.metadata.definition import field_body, json_value, redefined
from simulator.metadata.fields import FieldOrder, FieldType, MetadataField

_MAX_ID = 255


def listed(environment: Environment, call: Call) -> dict[str, Any]:
    """Return all fields."""
    return {"metadata_fields": [field_body(field) for field in environment.metadata_fields.all()]}


def details(environment: Environment, call: Call) -> dict[str, Any]:
    """Return one field."""
    return field_body(_field(environment, call))


def create(environment: Environment, call: Call) -> dict[str, Any]:
    """Define a field. Without an external_id it gets a random one."""
    external_id = call.params.text("external_id") or secrets.token_hex(8)
    if len(external_id) > _MAX_ID or external_id != external_id.strip():
        raise ApiError(400, f"Invalid external_id {external_id[:_MAX_ID]}")
    field = MetadataField(
        external_id, _choice(call.params, "type", FieldType), call.params.required("label"), created_at=call.at
    )
    return field_body(environment.metadata_fields.add(redefined(field, call.params)))


def update(environment: Environment, call: Call) -> dict[str, Any]:
    """Change what a call sends of a field."""
    return field_body(environment.metadata_fields.save(redefined(_field(environment, call), call.params)))


def delete(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete a field with the values that assets have of it. Its external_id cannot be used again."""
    field = _field(environment, call)
    environment.metadata_fields.save(replace(field, deleted=True))
    holders = [asset for asset in environment.store if field.external_id in asset.metadata]
    environment.store.save_all(
        [replace(a, metadata={k: v for k, v in a.metadata.items() if k != field.external_id}) for a in holders]
    )
    return {"message": "ok"}


def reorder(environment: Environment, call: Call) -> dict[str, Any]:
    """Sort the fields by label, external_id or created_at."""
    order_by: FieldOrder = _choice(call.params, "order_by", FieldOrder)
    environment.metadata_fields.reorder(order_by, _is_descending(call.params))
    return listed(environment, call)


def put_entries(environment: Environment, call: Call) -> dict[str, Any]:
    """Change the entries of a datasource that have the external_ids sent, and add the others."""
    field = _field_with_datasource(environment, call)
    texts = call.params.limited_ids("values", MAX_ENTRIES)
    sent: list[SentEntry] = [json_value(text, SentEntry, "values") for text in texts]
    return _stored_entries(environment, replace(field, datasource=with_sent(field.datasource, sent)))


def delete_entries(environment: Environment, call: Call) -> dict[str, Any]:
    """Make entries of a datasource inactive: no value can name them, until they are restored."""
    return _with_state(environment, call, "inactive")


def restore_entries(environment: Environment, call: Call) -> dict[str, Any]:
    """Make entries of a datasource active again."""
    return _with_state(environment, call, "active")


def reorder_entries(environment: Environment, call: Call) -> dict[str, Any]:
    """Sort a datasource by ``value``, the only order that Cloudinary has."""
    field = _field_with_datasource(environment, call)
    _choice(call.params, "order_by", Literal["value"])
    ordered = sorted(field.datasource, key=lambda entry: entry.value, reverse=_is_descending(call.params))
    return _stored_entries(environment, replace(field, datasource=tuple(ordered)))


def _with_state(environment: Environment, call: Call, state: Literal["active", "inactive"]) -> dict[str, Any]:
    field = _field_with_datasource(environment, call)
    external_ids = call.params.limited_ids("external_ids", MAX_ENTRIES)
    return _stored_entries(environment, replace(field, datasource=with_state(field.datasource, external_ids, state)))


def _stored_entries(environment: Environment, field: MetadataField) -> dict[str, Any]:
    return active_values(environment.metadata_fields.save(field).datasource)


def _field(environment: Environment, call: Call) -> MetadataField:
    return environment.metadata_fields.existing(call.path["field"])


def _field_with_datasource(environment: Environment, call: Call) -> MetadataField:
    field = _field(environment, call)
    if not field.has_datasource:
        raise ApiError(400, f"Metadata field {field.external_id} of type {field.type} has no datasource")
    return field


def _is_descending(params: Params) -> bool:
    direction = params.text("direction") or "asc"
    if direction not in ("asc", "desc"):
        raise ApiError(400, f"Invalid direction {direction[:40]} - must be asc or desc")
    return direction == "desc"


def _choice(params: Params, name: str, type_: Any) -> Any:
    """Return a required parameter that is one of the texts of a ``Literal``. Raises ``ApiError`` 400."""
    try:
        return msgspec.convert(params.required(name), type_)
    except msgspec.ValidationError as error:
        raise ApiError(400, f"Invalid value {params.text(name)[:100]} for parameter {name}") from error
