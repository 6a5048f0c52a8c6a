"""The sample consumer, deployed beside the stack under test as its README says, and removed again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.core.paths import PROJECT, clean_environment, tool_path
from local.core.processes import ToolRun, run_tool
from local.core.waiting import until
from local.stack.stack import Stack

FOLDER = PROJECT / "events" / "consumer"
NAME = "autotag-consumer"


@dataclass(frozen=True)
class Consumer:
    """The deployed consumer; ``outputs`` are its template's."""

    stack: Stack
    outputs: dict[str, str]

    def received(self) -> list[dict[str, Any]]:
        """Return the events that the function has logged, oldest first."""
        pages = self.stack.client("logs").get_paginator("filter_log_events")
        lines = [
            event["message"]
            for page in pages.paginate(logGroupName=self.outputs["ConsumerLogGroupName"])
            for event in page["events"]
        ]
        return [json.loads(line)["event"] for line in lines if line.startswith('{"message": "asset_tagged"')]

    def dead_letters(self) -> list[dict[str, Any]]:
        """Return the messages in the dead-letter queue, which stay there."""
        queue = self.outputs["DeadLetterQueueUrl"]
        answer = self.stack.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@contextmanager
def deployed_consumer(stack: Stack, folder: Path) -> Iterator[Consumer]:
    """Deploy the consumer with its own ``samconfig.toml``; ``folder`` takes the log. It is deleted afterwards."""
    client = stack.client("cloudformation")
    command: list[str | Path] = [
        tool_path("sam", "sam"), "deploy", "--template-file", FOLDER / "template.yaml", "--no-confirm-changeset",
        "--no-progressbar", "--parameter-overrides", f"EventBusName={stack.outputs['EventBusName']}",
    ]  # fmt: skip
    environment = clean_environment(AWS_ENDPOINT_URL=stack.endpoint_url)
    run_tool(ToolRun(command, "sam deploy", folder / "consumer-deploy.log", FOLDER, environment, limit=180))
    try:
        (described,) = client.describe_stacks(StackName=NAME)["Stacks"]
        yield Consumer(stack, {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]})
    finally:
        client.delete_stack(StackName=NAME)
        until(lambda: _is_gone(client), "the consumer to be deleted", within=60)


def _is_gone(client: Any) -> bool:
    stacks = client.list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_IN_PROGRESS"])
    return all(each["StackName"] != NAME for each in stacks["StackSummaries"])
