"""The adapters behind the ports of the intakes, and what the ports of every function have in common.

The public attributes of such a class are what its function's use-cases take: ports, and values from the settings. Each
is made on first use, once for each composition. An override stands in for the attribute of its name.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from autotag.adapters.aws.client import client, client_that_tries_once
from autotag.adapters.aws.sqs import SqsQueue
from autotag.adapters.clock import SystemClock
from autotag.settings import (
    ConsoleSettings,
    ExportSettings,
    OpsSettings,
    PollChannelSettings,
    WebhookSettings,
    WorkerSettings,
    read,
)
from autotag.telemetry import PowertoolsTelemetry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autotag.adapters.cloudinary.circuit import Circuit
    from autotag.ports.assets import EventBus
    from autotag.ports.cloudinary import ApiName
    from autotag.ports.console import Fetch, SecretText
    from autotag.ports.detection import DetectionPorts
    from autotag.ports.exports import ExportQueue
    from autotag.ports.intake import Channel, Queue
    from autotag.ports.operations import DetectReader
    from autotag.ports.runtime import Clock, Secrets, Start, Telemetry
    from autotag.service.intake.accept import Policy


class Ports[S]:
    """The ports that every function needs. Its settings, of type ``S``, are read only where an adapter needs them."""

    _settings: type[S]

    def __init__(self, overrides: Mapping[str, object]) -> None:
        expected = [name for name in dir(self) if not name.startswith("_")] if overrides else []
        for name in overrides:
            if name not in expected:
                raise TypeError(f"{type(self).__name__} has no {name!r}, expected one of: {', '.join(expected)}")
        vars(self).update(overrides)  # where a cached property looks first

    @cached_property
    def _config(self) -> S:
        return read(self._settings)

    @cached_property
    def clock(self) -> Clock:
        return SystemClock()

    @cached_property
    def telemetry(self) -> Telemetry:
        return PowertoolsTelemetry()


class SecretPorts[S: WebhookSettings | PollChannelSettings | WorkerSettings](Ports[S]):
    """The ports of every function that knows the Cloudinary credentials."""

    @cached_property
    def secrets(self) -> Secrets:
        from autotag.adapters.aws.secrets_manager import SecretsManager

        return SecretsManager(client("secretsmanager"), self._config.secret_id, self.clock.now)


class DetectingPorts[S: WorkerSettings](SecretPorts[S]):
    """The ports of asking Rekognition, all loaded only where that is on."""

    @cached_property
    def detection(self) -> DetectionPorts | None:
        config = self._config
        if config.rekognition == "off" or not config.detect_per_day:
            return None
        from autotag.adapters.aws.dynamodb.detect_items import DynamoDetectBudget, DynamoLabelModels
        from autotag.adapters.aws.rekognition import RekognitionDetector
        from autotag.adapters.aws.sqs_due import SqsDueQueue
        from autotag.adapters.cloudinary.pictures import DeliveredPictures
        from autotag.domain.model.messages import DetectLabels
        from autotag.ports.detection import DetectionPorts, Originals

        bucket, table = config.originals_bucket, config.state_table
        return DetectionPorts(
            detector=RekognitionDetector(lambda: client_that_tries_once("rekognition")),
            pictures=DeliveredPictures(config.cloudinary_delivery_base, self.secrets),
            budget=DynamoDetectBudget(client("dynamodb"), table, config.detect_per_day),
            models=DynamoLabelModels(client("dynamodb"), table),
            queue=SqsDueQueue(client("sqs"), config.bulk_queue_url, DetectLabels),
            originals=Originals(bucket, config.originals_key) if config.rekognition == "s3" and bucket else None,
        )


class UsagePorts(Ports[OpsSettings]):
    """What the operators' functions report of calls of Rekognition, None where it is not asked."""

    @cached_property
    def detect_usage(self) -> DetectReader | None:
        if self._config.rekognition == "off":
            return None
        from autotag.adapters.aws.dynamodb.detect_items import DynamoDetectBudget

        return DynamoDetectBudget(client("dynamodb"), self._config.state_table, self._config.detect_per_day)


class CircuitPorts[S](Ports[S]):
    """The circuit breakers of a process that calls Cloudinary for assets."""

    @cached_property
    def _circuits(self) -> Mapping[ApiName, Circuit]:
        from autotag.adapters.cloudinary.circuit import circuits

        return circuits(self.clock.now, self.telemetry)


class EventPorts[S: WorkerSettings](Ports[S]):
    """The event bus, which sends events always, while a rule listens, or never."""

    @cached_property
    def bus(self) -> EventBus:
        from autotag.adapters.aws.eventbridge import EventBridge

        when, name = self._config.events, self._config.event_bus_name
        if when == "always":
            return EventBridge(client("events"), name)
        from autotag.adapters.aws.listened_bus import ListenedBus, SilentBus

        if when == "never":
            return SilentBus()
        events = client("events")
        return ListenedBus(EventBridge(events, name), events, name, self.clock.now, self.telemetry)


class ThreadPorts[S](Ports[S]):
    """The threads of a function that makes calls at the same time."""

    @cached_property
    def start(self) -> Start:
        from autotag.adapters.threads import Threads

        return Threads()


class ExportQueuePorts[S: ExportSettings | OpsSettings](Ports[S]):
    """The queue of exports, in a stack that has a bucket for them."""

    @cached_property
    def exports(self) -> ExportQueue | None:
        if not self._config.export_queue_url:
            return None
        from autotag.adapters.aws.sqs_exports import SqsExportQueue

        return SqsExportQueue(client("sqs"), self._config.export_queue_url)


class IntakePorts[S: WebhookSettings | PollChannelSettings](SecretPorts[S]):
    """The ports of both intakes."""

    @cached_property
    def queue(self) -> Queue:
        return SqsQueue(client("sqs"), self._config.queue_url)


class WebhookPorts(IntakePorts[WebhookSettings]):
    """The ports of the webhook, and which notifications it accepts."""

    _settings = WebhookSettings

    @cached_property
    def policy(self) -> Policy:
        from autotag.service.intake.accept import Policy

        config = self._config
        return Policy(config.signature_max_age_seconds, config.signature_max_skew_seconds, config.read_before_write)


class PollChannelPorts(IntakePorts[PollChannelSettings]):
    """The ports of the poll channel, and which notifications it accepts."""

    _settings = PollChannelSettings

    @cached_property
    def channel(self) -> Channel:
        from autotag.adapters.cloudinary.poll_channel import PollChannel

        return PollChannel(self._config.cloudinary_api_base, self.secrets, self._config.poll_channel)

    @cached_property
    def wait(self) -> int:
        return self._config.poll_wait_seconds

    @cached_property
    def policy(self) -> Policy:
        from autotag.service.intake.accept import Policy
        from autotag.service.intake.poll_channel import AGELESS

        return Policy(AGELESS, self._config.signature_max_skew_seconds, self._config.read_before_write)


class ConsolePorts(Ports[ConsoleSettings]):
    """The ports that the deployed console has besides those of the operators' API, and the name of its stack."""

    _settings = ConsoleSettings

    @cached_property
    def secret(self) -> SecretText:
        from autotag.adapters.aws.secret_text import CachedSecretText

        return CachedSecretText(client("secretsmanager"), self._config.console_secret_id, self.clock.now)

    @cached_property
    def fetch(self) -> Fetch:
        from autotag.adapters.https import Https

        return Https()

    @cached_property
    def stack(self) -> str:
        return self._config.stack_name
