"""The steps after a stack is deployed to the emulator, by API."""

import json

from local.core.aws_clients import aws_client
from local.core.credentials import SECRET_VALUE


def read_outputs(endpoint_url: str, stack: str) -> dict[str, str]:
    """Return the template's outputs, with Function URLs in the form that the emulator answers."""
    client = aws_client(endpoint_url, "cloudformation")
    (described,) = client.describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    for name in outputs.keys() & {"WebhookUrl", "OpsUrl", "ReviewUrl", "ViewUrl"}:
        label = outputs[name].split("//", 1)[1].split(".", 1)[0]
        outputs[name] = f"{endpoint_url}/_aws/lambda-url/{label}/"
    return outputs


def give_limits_as_numbers(endpoint_url: str) -> None:
    """Set each event source's MaximumConcurrency again, by API.

    The emulator keeps a Number parameter as text, and its queue poller then fails to compare it.
    """
    client = aws_client(endpoint_url, "lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        limit = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        client.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": limit})


def put_secret(endpoint_url: str, secret_id: str) -> None:
    """Put the documented test credentials into the template's empty secret."""
    client = aws_client(endpoint_url, "secretsmanager")
    client.put_secret_value(SecretId=secret_id, SecretString=json.dumps(SECRET_VALUE))
