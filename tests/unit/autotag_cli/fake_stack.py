"""A stack in memory, with its Cloudinary account, on which set-up and doctor work as on real ones."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from autotag.domain.errors import Rejected
from autotag.domain.notifications.signature import verify
from autotag_cli.errors import Failure
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Keys, Reply, Target
from tests.unit.autotag_cli.fake_admin_account import HOOK, NOW, FakeAdminAccount
from tests.unit.autotag_cli.fake_ops import FakeOps

OUTPUTS = {
    "OpsUrl": "https://ops.lambda-url.eu-west-1.on.aws/",
    "WebhookUrl": HOOK,
    "WebhookFunctionName": "webhook",
    "SecretArn": "arn:secret",
    "WorkerFunctionName": "worker",
    "PollerFunctionName": "poller",
    "OpsFunctionName": "ops",
    "LiveMappingId": "live-mapping",
    "BulkMappingId": "bulk-mapping",
    "PollerRuleName": "poller-rule",
    "WebhookReservedConcurrency": "-1",
    "QueueUrl": "https://sqs/live",
    "BulkQueueUrl": "https://sqs/bulk",
    "DeadLetterQueueUrl": "https://sqs/dead",
    "BulkDeadLetterQueueUrl": "https://sqs/bulk-dead",
    "ExportDeadLetterQueueUrl": "https://sqs/export-dead",
    "EventBusName": "autotag",
    "Events": "always",
}
DOCUMENT = {
    "cloud_name": "demo",
    "api_key": "222",
    "api_secret": "writer",
    "notification_secrets": {"111": "signer"},
    "writer_key_dedicated": True,
    "keeps_tags": False,
}
URL = "cloudinary://222:writer@demo"


class FakeAws:
    """Secrets Manager, Lambda, EventBridge, CloudWatch and the logs of one stack.

    ``denied`` names operations that IAM forbids, ``off`` mappings and rules that are disabled; ``reserved`` is the
    reserved concurrency of functions, ``oldest`` the age of a queue's oldest message in seconds, ``text`` are lines
    that Lambda itself logged, ``last_result`` what it says of its last attempt to take messages. ``limits`` are the
    account's limits of concurrent executions, ``workers`` the most workers of a mapping. ``rules`` are the enabled
    rules of the event bus; it also has a disabled one.
    """

    def __init__(self) -> None:
        self.value: str | None = None
        self.written = 0
        self.tags: dict[str, str] = {}
        self.lines: list[tuple[float, dict[str, Any]]] = []
        self.denied: set[str] = set()
        self.off: set[str] = set()
        self.reserved: dict[str, int] = {}
        self.oldest: dict[str, list[float]] = {}
        self.text: list[str] = ["START RequestId"]
        self.last_result = "OK"
        self.limits = {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}
        self.workers = {"live-mapping": 5, "bulk-mapping": 2}
        self.received: list[str] = []
        self.rules: list[str] = []

    def __call__(self, target: Target, service: str) -> Any:
        return self

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:
        self._ask("GetSecretValue")
        if self.value is None:
            raise refused("ResourceNotFoundException", "GetSecretValue")
        return {"SecretString": self.value}

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:
        self._ask("PutSecretValue")
        self.value, self.written = SecretString, self.written + 1

    def describe_secret(self, SecretId: str) -> dict[str, Any]:
        self._ask("DescribeSecret")
        return {"Tags": [{"Key": key, "Value": value} for key, value in self.tags.items()]}

    def tag_resource(self, SecretId: str, Tags: list[dict[str, str]]) -> None:
        self._ask("TagResource")
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}

    def untag_resource(self, SecretId: str, TagKeys: list[str]) -> None:
        self._ask("UntagResource")
        for key in TagKeys:
            del self.tags[key]

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:
        self._ask("GetFunctionConfiguration")
        return {"LoggingConfig": {"LogGroup": "group"}, "Architectures": ["x86_64"]}

    def get_event_source_mapping(self, UUID: str) -> dict[str, Any]:
        self._ask("GetEventSourceMapping")
        return {
            "State": "Disabled" if UUID in self.off else "Enabled",
            "LastProcessingResult": self.last_result,
            "ScalingConfig": {"MaximumConcurrency": self.workers[UUID]},
        }

    def get_account_settings(self) -> dict[str, Any]:
        self._ask("GetAccountSettings")
        return {"AccountLimit": self.limits}

    def describe_rule(self, Name: str) -> dict[str, Any]:
        self._ask("DescribeRule")
        return {"State": "DISABLED" if Name in self.off else "ENABLED"}

    def list_rules(self, EventBusName: str, NextToken: str = "") -> dict[str, Any]:
        self._ask("ListRules")
        assert EventBusName == OUTPUTS["EventBusName"]
        if not NextToken:
            return {"Rules": [{"Name": "old", "State": "DISABLED"}], "NextToken": "more"}
        return {"Rules": [{"Name": name, "State": "ENABLED"} for name in self.rules]}

    def get_function_concurrency(self, FunctionName: str) -> dict[str, Any]:
        self._ask("GetFunctionConcurrency")
        held = self.reserved.get(FunctionName)
        return {} if held is None else {"ReservedConcurrentExecutions": held}

    def get_metric_statistics(self, Dimensions: list[dict[str, str]], **asked: Any) -> dict[str, Any]:
        self._ask("GetMetricStatistics")
        assert (asked["Namespace"], asked["MetricName"]) == ("AWS/SQS", "ApproximateAgeOfOldestMessage")
        ages = self.oldest.get(Dimensions[0]["Value"], [])
        points = [
            {"Timestamp": asked["StartTime"] + timedelta(minutes=n), "Maximum": age} for n, age in enumerate(ages)
        ]
        return {"Datapoints": points[::-1]}

    def get_paginator(self, operation: str) -> Any:
        return self

    def paginate(self, logGroupName: str, startTime: int, filterPattern: str) -> Any:
        self._ask("FilterLogEvents")
        found = [
            {"timestamp": round(at * 1000), "message": json.dumps(line)}
            for at, line in self.lines
            if at * 1000 >= startTime
        ]
        return [{"events": [*({"timestamp": 0, "message": line} for line in self.text), *found]}]

    def _ask(self, operation: str) -> None:
        self.received.append(operation)
        if operation in self.denied:
            raise refused("AccessDeniedException", operation)


def refused(code: str, operation: str) -> ClientError:
    """Return AWS's refusal."""
    return ClientError({"Error": {"Code": code, "Message": f"no {operation}"}}, operation)


class FakeStack:
    """All of it, well and set up by nobody. Notifications that Cloudinary signs are seen at once.

    ``door`` answers instead of a webhook that verifies; ``signer`` is the key that Cloudinary signs with, None where
    it sends nothing. ``neighbors`` are the statuses that other addresses answer with.
    """

    def __init__(self, document: dict[str, Any] | None = None) -> None:
        self.account, self.aws, self.ops = FakeAdminAccount(), FakeAws(), FakeOps()
        self.aws.value = json.dumps(document) if document is not None else None
        self.outputs: dict[str, str] = dict(OUTPUTS)
        self.variables = {"CLOUDINARY_URL": URL}
        self.time, self.knocks = NOW, 0
        self.door: Callable[[], int] | None = None
        self.signer: str | None = "111"
        self.neighbors: dict[str, int] = {}
        self.images = self.account.images
        self.images.on_upload = self._notify

    @property
    def secrets(self) -> dict[str, str]:
        """What the functions accept."""
        printed = json.loads(self.aws.value or "{}")
        return printed.get("notification_secrets") or ({printed["api_key"]: printed["api_secret"]} if printed else {})

    @property
    def environment(self) -> Environment:
        """The environment of a command."""
        return Environment(
            self.variables,
            (),
            self._find,
            self._post,
            self.account,
            self.aws,
            lambda: self.time,
            self._sleep,
            status=self._status,
        )

    def _find(self, name: str, region: str | None, profile: str | None) -> Target:
        return Target(name, OUTPUTS["OpsUrl"], "eu-west-1", Keys("AKID", "sekrit"), self.outputs)

    def _status(self, url: str) -> int:
        if url not in self.neighbors:
            raise Failure(f"{url} cannot be reached")
        return self.neighbors[url]

    def _sleep(self, seconds: float) -> None:
        self.time += seconds

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if url == OUTPUTS["OpsUrl"]:
            return self.ops(url, headers, body)
        assert url == HOOK
        self.knocks += 1
        if self.door is not None:
            return Reply(self.door(), b"")
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            verify(body, lower, self.secrets, now=self.time)
        except Rejected:
            return Reply(401 if self.secrets else 503, b"")
        return Reply(200, b"")

    def _notify(self, asset_id: str) -> None:
        if self.signer is None or not self.account.tells_of("upload"):
            return
        if self.secrets.get(self.signer) != self.account.keys[self.signer]:
            refused = {"message": "rejected", "rule": "mismatch", "claimed_key": self.signer}
            self.aws.lines.append((self.time + 1, refused))
            return
        accepted = {"message": "accepted", "key_id": self.signer, "assets": [asset_id]}
        self.aws.lines.append((self.time, accepted))
        self.ops.decided(
            {"asset_id": asset_id, "public_id": "autotag-probe/x", "resource_type": "image", "type": "upload",
             "version": 1, "tags": []}
        )  # fmt: skip
