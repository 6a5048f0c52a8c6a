"""What a template.yaml deploys, as far as load depends on it: tables, queues, memory, time limits, concurrency."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from samtranslator.yaml_helper import yaml_parse

FULL_CORE = 1769
"""Megabytes of memory with which a function has one core (AWS Lambda Developer Guide, "Configure Lambda function
memory"). Less memory gives the same part of a core."""


class Source(NamedTuple):
    """A queue whose messages Lambda passes to the worker: how many at once, in how many invocations at once."""

    queue: str
    batch: int
    concurrency: int


class Function(NamedTuple):
    """A function: its part of a core, and the seconds that an invocation may take."""

    core: float
    timeout: float


class Template:
    """A template with the defaults of its parameters."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._document: dict[str, Any] = yaml_parse(path.read_text("utf-8"))

    @property
    def _resources(self) -> Mapping[str, Any]:
        resources: Mapping[str, Any] = self._document["Resources"]
        return resources

    def table(self, name: str) -> Mapping[str, Any]:
        """Return the properties of a table."""
        properties: Mapping[str, Any] = self._resources[name]["Properties"]
        return properties

    def queues(self) -> dict[str, tuple[float, int]]:
        """Return the visibility timeout and the most receives of each queue that has a dead-letter queue.

        Queues of parts that are off by default are left out.
        """
        return {
            name: (each["Properties"]["VisibilityTimeout"], each["Properties"]["RedrivePolicy"]["maxReceiveCount"])
            for name, each in self._resources.items()
            if each["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in each["Properties"] and "Condition" not in each
        }

    def sources(self) -> list[Source]:
        """Return the queues of the worker."""
        events = self._resources["WorkerFunction"]["Properties"]["Events"].values()
        found = [event["Properties"] for event in events if event["Type"] == "SQS"]
        return [
            Source(
                each["Queue"]["Fn::GetAtt"][0] if isinstance(each["Queue"], dict) else str(each["Queue"]),
                int(self._value(each.get("BatchSize", 10))),
                int(self._value(each["ScalingConfig"]["MaximumConcurrency"])),
            )
            for each in found
        ]

    def workers_in_production(self) -> int:
        """Return the workers of the live queue that the profile ``production`` of samconfig.toml deploys."""
        profile = tomllib.loads(self.path.with_name("samconfig.toml").read_text("utf-8"))["production"]
        chosen = dict(pair.split("=", 1) for pair in profile["global"]["parameters"]["parameter_overrides"].split())
        preset = next(source.concurrency for source in self.sources() if source.queue == "Queue")
        return int(chosen.get("WorkerConcurrency", preset))

    def function(self, name: str) -> Function:
        """Return what matters of a function such as ``WorkerFunction``."""
        properties = self._document["Globals"]["Function"] | self._resources[name]["Properties"]
        return Function(float(self._value(properties["MemorySize"])) / FULL_CORE, float(properties["Timeout"]))

    def _value(self, value: Any) -> Any:
        """Return a value, with the first branch of a condition on a default and the defaults of parameters."""
        if not isinstance(value, dict):
            return value
        if "Fn::If" in value:
            return self._value(value["Fn::If"][1])
        return self._document["Parameters"][value["Ref"]]["Default"]
