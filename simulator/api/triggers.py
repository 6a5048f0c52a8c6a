"""The Admin API's calls on triggers."""

import hashlib
import re
import secrets
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from simulator.api.call import Call
from simulator.core.errors import ApiError
from simulator.core.events import EVENT_TYPES
from simulator.core.params import Params
from simulator.environment import Environment
from simulator.notifications import payload_templates, trigger_filters
from simulator.notifications.triggers import MAX_PER_EVENT_TYPE, AuthScheme, Trigger, UriType

_URIS = {"webhook": re.compile(r"https?://[^\s/]+\S*"), "poll": re.compile(r"poll://(\*|[A-Za-z0-9._:-]{1,128})")}
_EXPECTED = {"webhook": "an http or https URL", "poll": "poll://<channel> or poll://*"}


def listed(environment: Environment, call: Call) -> dict[str, Any]:
    """Return all triggers, or those of one event type."""
    event_type = call.params.text("event_type")
    triggers = environment.triggers.listed(_event_type(event_type) if event_type else "")
    return {"triggers": [trigger.as_json(_environment_id(environment)) for trigger in triggers], "total": len(triggers)}


def create(environment: Environment, call: Call) -> dict[str, Any]:
    """Create a trigger. An event type has at most 30, each with a different URI."""
    params = call.params
    uri_type, uri = params.text("uri_type", "webhook"), params.required("uri")
    trigger = Trigger(
        id=secrets.token_hex(16),
        uri=uri,
        uri_type=_uri_type(uri_type, uri),
        event_type=_event_type(params.required("event_type")),
        created_at=call.at,
        updated_at=call.at,
    )
    return _saved(environment, _with_options(trigger, params))


def update(environment: Environment, call: Call) -> dict[str, Any]:
    """Change a trigger's URI, sent as ``new_uri`` or ``uri``, or its other values."""
    trigger, params = _find_trigger(environment, call), call.params
    uri = params.text("new_uri") or params.text("uri") or trigger.uri
    trigger = replace(
        trigger,
        uri=uri,
        uri_type=_uri_type(params.text("uri_type", trigger.uri_type), uri),
        event_type=_event_type(params.text("event_type", trigger.event_type)),
        updated_at=call.at,
    )
    return {"message": "ok", **_saved(environment, _with_options(trigger, params))}


def delete(environment: Environment, call: Call) -> dict[str, Any]:
    """Delete a trigger."""
    environment.triggers.remove(_find_trigger(environment, call))
    return {"message": "ok"}


def test(environment: Environment, call: Call) -> dict[str, Any]:
    """Return whether the trigger's filter accepts a sample. Without a filter it accepts everything."""
    trigger = _find_trigger(environment, call)
    sample = _json(call.params, "sample_data") if call.params.text("sample_data") else {}
    return {
        "trigger_id": trigger.id,
        "filter_present": trigger.filter is not None,
        "filter_result": trigger.filter is None or trigger_filters.accepts(trigger.filter, sample),
    }


def _saved(environment: Environment, trigger: Trigger) -> dict[str, Any]:
    if environment.triggers.has_duplicate_of(trigger):
        raise ApiError(409, f"A trigger for {trigger.event_type} with uri {trigger.uri} already exists")
    if environment.triggers.is_full(trigger):
        raise ApiError(400, f"Too many triggers for {trigger.event_type} (maximum is {MAX_PER_EVENT_TYPE})")
    environment.triggers.save(trigger)
    return trigger.as_json(_environment_id(environment))


def _with_options(trigger: Trigger, params: Params) -> Trigger:
    scheme = params.text("auth_scheme", trigger.auth_scheme)
    if scheme not in get_args(AuthScheme):
        raise ApiError(400, f"Invalid auth_scheme {scheme}, one of {', '.join(get_args(AuthScheme))} is expected")
    if params.text("filter_language", "jsonlogic") != "jsonlogic":
        raise ApiError(400, f"Invalid filter_language {params.text('filter_language')}, jsonlogic is expected")
    changes: dict[str, Any] = {"auth_scheme": scheme, "additive": params.flag("additive", trigger.additive)}
    checks = {"filter": trigger_filters.filter_error, "payload_template": payload_templates.template_error}
    for name, error_of in checks.items():
        if name not in params.values:
            continue
        value = _json(params, name)
        if value and (error := error_of(value)):
            raise ApiError(400, error)
        changes[name] = value or None
    return replace(trigger, **changes)


def _json(params: Params, name: str) -> Any:
    try:
        return msgspec.json.decode(params.text(name) or "null")
    except (msgspec.DecodeError, RecursionError) as error:
        raise ApiError(400, f"Invalid {name} - JSON is expected") from error


def _uri_type(uri_type: str, uri: str) -> UriType:
    for supported in get_args(UriType):
        if uri_type == supported and not _URIS[supported].fullmatch(uri):
            raise ApiError(400, f"Invalid uri {uri}, {_EXPECTED[supported]} is expected")
        if uri_type == supported:
            return supported  # type: ignore[no-any-return]
    raise ApiError(400, f"Invalid uri_type {uri_type}, this simulator supports {' and '.join(get_args(UriType))}")


def _event_type(name: str) -> str:
    if name not in EVENT_TYPES:
        raise ApiError(400, f"Invalid event_type {name}")
    return name


def _find_trigger(environment: Environment, call: Call) -> Trigger:
    trigger = environment.triggers.find(call.path["trigger_id"])
    if trigger is None:
        raise ApiError(404, f"Trigger not found - {call.path['trigger_id']}")
    return trigger


def _environment_id(environment: Environment) -> str:
    """Return the id of the product environment, which is the same for the same cloud name."""
    return hashlib.sha256(environment.account.cloud_name.encode()).hexdigest()[:34]
