"""The functions' settings, read once from the environment variables that template.yaml sets."""

import os
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert

_Seconds = Annotated[int, Meta(ge=0)]
_Name = Annotated[str, Meta(min_length=1)]


class WebhookSettings(Struct, frozen=True, rename="upper"):
    """Settings of the webhook function."""

    queue_url: _Name
    secret_id: _Name
    signature_max_age_seconds: _Seconds = 7200
    signature_max_skew_seconds: _Seconds = 300
    read_before_write: bool = False


class PollChannelSettings(Struct, frozen=True, rename="upper"):
    """Settings of the poll-channel function."""

    queue_url: _Name
    secret_id: _Name
    poll_channel: _Name
    poll_wait_seconds: Annotated[int, Meta(ge=0, le=60)] = 60
    cloudinary_api_base: _Name = "https://api.cloudinary.com"
    signature_max_skew_seconds: _Seconds = 300
    read_before_write: bool = False


class WorkerSettings(Struct, frozen=True, rename="upper"):
    """Settings of the worker and the poller.

    ``events``: when audits are sent to the event bus. ``queue_url``: the worker returns messages to their queue, the
    poller sends due work there. The last five are of asking Rekognition: the source of its pictures, the originals'
    bucket and the template of their keys, the origin of delivered pictures, and the calls of a day.
    """

    state_table: _Name
    history_table: _Name
    event_bus_name: _Name
    secret_id: _Name
    events: Literal["always", "when_listened", "never"] = "always"
    cloudinary_api_base: _Name = "https://api.cloudinary.com"
    poll_first_delay_seconds: Annotated[int, Meta(ge=1)] = 60
    pending_deadline_seconds: Annotated[int, Meta(ge=1)] = 86400
    admin_reserve_percent: Annotated[int, Meta(ge=0, le=90)] = 20
    admin_hint_percent: Annotated[int, Meta(ge=0, le=100)] = 25
    audit_retention_days: Annotated[int, Meta(ge=1)] = 730
    deleted_retention_days: Annotated[int, Meta(ge=60)] = 730
    queue_url: str = ""
    bulk_queue_url: str = ""
    rekognition: Literal["off", "url", "s3"] = "off"
    originals_bucket: str = ""
    originals_key: _Name = "{public_id}.{format}"
    cloudinary_delivery_base: _Name = "https://res.cloudinary.com"
    detect_per_day: Annotated[int, Meta(ge=0)] = 1000


class ExportSettings(Struct, frozen=True, rename="upper"):
    """Settings of the export function."""

    state_table: _Name
    export_queue_url: _Name
    export_bucket: _Name
    stack_name: _Name


class OpsSettings(Struct, frozen=True, rename="upper"):
    """Settings of the operators' functions, one for each level of ``access``.

    The two queues of exports are empty where the stack has no bucket for them. Those from
    ``cloudinary_api_base`` on are only reported, for checks of the whole chain.
    """

    state_table: _Name
    history_table: _Name
    queue_url: _Name
    dead_letter_queue_url: _Name
    bulk_queue_url: _Name
    bulk_dead_letter_queue_url: _Name
    export_queue_url: str = ""
    export_dead_letter_queue_url: str = ""
    access: Literal["view", "review", "operate"] = "operate"
    cloudinary_api_base: _Name = "https://api.cloudinary.com"
    admin_reserve_percent: Annotated[int, Meta(ge=0, le=90)] = 20
    signature_max_skew_seconds: _Seconds = 300
    rekognition: Literal["off", "url", "s3"] = "off"
    detect_per_day: Annotated[int, Meta(ge=0)] = 1000
    originals_bucket: str = ""


REPORTED = (
    "cloudinary_api_base", "admin_reserve_percent", "signature_max_skew_seconds", "rekognition", "originals_bucket",
)  # fmt: skip
"""The settings of the operators' functions that their report of the service's health holds."""


class ConsoleSettings(Struct, frozen=True, rename="upper"):
    """Settings that the deployed console has besides those of the operators' functions."""

    console_secret_id: _Name
    stack_name: _Name


def read[T](settings: type[T], environment: Mapping[str, str] = os.environ) -> T:
    """Return ``settings`` read from ``environment``; raises ``Invalid``, which names a missing or wrong variable.

    A fraction is rounded: CloudFormation accepts ``1.5`` for a parameter of type Number (its user guide,
    *Parameters*: "an integer or float"), and a function that fails at init takes no notification.
    """
    variables = dict(environment)
    for name in _whole_numbers(settings) & variables.keys():
        variables[name] = _rounded(variables[name])
    try:
        return convert(variables, settings, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid("environment", str(error)) from error


def _whole_numbers(settings: type) -> set[str]:
    """Return the variables that are read as whole numbers; each is annotated with its bounds."""
    return {name.upper() for name, type_ in settings.__annotations__.items() if getattr(type_, "__origin__", 0) is int}


def _rounded(text: str) -> str:
    try:
        return str(round(float(text)))
    except (ValueError, OverflowError):  # no number: the conversion names it
        return text
