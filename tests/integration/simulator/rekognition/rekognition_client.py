"""boto3's client of Rekognition, pointed at a running simulator, and pictures to send."""

from typing import Any

import boto3
from botocore.config import Config

from simulator.files.generated_picture import generated_picture
from tests.integration.simulator.simulator_client import Simulator

JPEG = generated_picture("ab" * 32, "jpg", 64, 48)
PNG = generated_picture("cd" * 32, "png", 64, 48)


def rekognition(simulator: Simulator, attempts: int = 1) -> Any:
    """Return a client that makes at most ``attempts`` calls for each that it is asked for."""
    return boto3.client(
        "rekognition",
        region_name="us-east-1",
        endpoint_url=simulator.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}, read_timeout=5),
    )


def detect(simulator: Simulator, data: bytes = JPEG, **options: Any) -> Any:
    """Ask for the labels of ``data`` once."""
    return rekognition(simulator).detect_labels(Image={"Bytes": data}, **options)


def fault(simulator: Simulator, what: dict[str, Any], **match: Any) -> None:
    """Put a fault in the way of calls."""
    simulator.control("POST", "/rekognition/faults", {"match": match, "fault": what})


def detect_calls(simulator: Simulator, **query: str) -> dict[str, Any]:
    """Return the calls that were made and how many of them are paid."""
    found: dict[str, Any] = simulator.control("GET", "/rekognition/calls", query=query)
    return found
