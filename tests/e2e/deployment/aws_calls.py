"""What the deployed functions called, and what their roles allow: both as pairs of an action and an ARN."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.stack.stack import Stack

Grant = tuple[str, str]
"""An IAM action such as ``dynamodb:Query``, and the ARN of the resource."""

_PLURALS = {"SendMessageBatch": "SendMessage", "ChangeMessageVisibilityBatch": "ChangeMessageVisibility"}
"""Operations that IAM checks as another action (Service Authorization Reference, Amazon SQS)."""

_READS = {"HeadObject": "GetObject"}
"""The same of Amazon S3."""


def recording(folder: Path) -> dict[str, str]:
    """Return the variables with which functions record their calls in a run folder."""
    return {
        "PYTHONPATH": str(Path(__file__).parent / "recorder"),
        "AUTOTAG_RECORDED_CALLS": str(_records(folder)),
    }


def recorded_grants(stack: Stack, folder: Path) -> dict[str, set[Grant]]:
    """Return what each function of a stack has called since the run began, by its name in the template."""
    account = stack.client("sts").get_caller_identity()["Account"]
    functions = {stack.outputs[f"{name}FunctionName"]: name for name in function_names(stack)}
    grants: dict[str, set[Grant]] = {name: set() for name in functions.values()}
    for path in _records(folder).glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            call = json.loads(line)
            if call["function"] in functions:
                grants[functions[call["function"]]].update(_grants_of(call, f"{stack.region}:{account}"))
    return grants


def allowed_grants(stack: Stack, function: str) -> set[Grant]:
    """Return what the deployed role of a function allows."""
    iam = stack.client("iam")
    arn = stack.client("lambda").get_function_configuration(FunctionName=stack.outputs[f"{function}FunctionName"])[
        "Role"
    ]
    role = arn.rsplit("/", 1)[-1]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    documents = [
        iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    return {
        (action, resource)
        for document in documents
        for statement in document["Statement"]
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    }


def function_names(stack: Stack) -> list[str]:
    """Return the functions of a stack, such as ``Worker``."""
    return [name.removesuffix("FunctionName") for name in stack.outputs if name.endswith("FunctionName")]


def _records(folder: Path) -> Path:
    return folder / "calls"


def _grants_of(call: Mapping[str, Any], place: str) -> Iterator[Grant]:
    """Yield what a recorded call needs; ``place`` is the region and the account of an ARN."""
    named, operation = call["named"], _PLURALS.get(call["operation"], call["operation"])
    match call["service"]:
        case "dynamodb":
            index = f"/index/{named['IndexName']}" if "IndexName" in named else ""
            for table in [*([named["TableName"]] if "TableName" in named else []), *call["tables"]]:
                yield f"dynamodb:{operation}", f"arn:aws:dynamodb:{place}:table/{table}{index}"
        case "sqs":
            yield f"sqs:{operation}", f"arn:aws:sqs:{place}:{named['QueueUrl'].rsplit('/', 1)[-1]}"
        case "events":
            for bus in call["buses"]:
                yield f"events:{operation}", f"arn:aws:events:{place}:event-bus/{bus}"
        case "secretsmanager":
            yield f"secretsmanager:{operation}", named["SecretId"]
        case "s3" if operation == "ListObjectsV2":
            yield "s3:ListBucket", f"arn:aws:s3:::{named['Bucket']}"
        case "s3":
            prefix = named["Key"].split("/", 1)[0]
            yield f"s3:{_READS.get(operation, operation)}", f"arn:aws:s3:::{named['Bucket']}/{prefix}/*"
        case service:
            yield f"{service}:{operation}", "*"


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
