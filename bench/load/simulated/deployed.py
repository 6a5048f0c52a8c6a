"""The functions as they are deployed, in this process: their settings lead to AWS and Cloudinary behind HTTP."""

import base64
import copy
import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from aws_lambda_powertools.utilities.typing import LambdaContext

from bench.load.simulated.dynamodb.tables import Table


class Minute(LambdaContext):
    """The context of an invocation that has a minute left."""

    _function_name = "bench"
    _memory_limit_in_mb = 512
    _invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    _aws_request_id = "r"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Return a minute."""
        return 60_000


class Server:
    """The server, and what it was asked for."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def counts(self) -> Counter[str]:
        """Return the number of calls by operation."""
        with urlopen(f"{self.url}/counts") as answer:  # noqa: S310 - on this machine
            return Counter(json.load(answer))

    def item(self, key: str) -> dict[str, Any]:
        """Return an item of the State table."""
        with urlopen(f"{self.url}/item/{quote(key, safe='')}") as answer:  # noqa: S310 - on this machine
            item: dict[str, Any] = json.load(answer)
            return item

    def load(self, tables: Mapping[str, Table]) -> None:
        """Give the server copies of tables."""
        with urlopen(f"{self.url}/tables", pickle.dumps(_as_json(tables))):  # noqa: S310 - on this machine
            pass


@contextmanager
def served(template: Path) -> Iterator[Server]:
    """Run the server while the block runs, and let the settings of this process lead to it.

    The handlers must not have been imported before, nor any client been made.
    """
    command = [sys.executable, "-m", "bench.load.simulated.http_server", str(template)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdin is not None
        server = Server(int(process.stdout.readline()))
        set_environment(server.url)
        yield server
        process.stdin.close()


def _as_json(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Return copies of tables whose bytes are base64, as DynamoDB's JSON has them."""
    copies = copy.deepcopy(dict(tables))
    for table in copies.values():
        for key, item in table.items.items():
            table.items[key] = {name: _base64(value) for name, value in item.items()}
    return copies


def _base64(value: Any) -> Any:
    ((kind, content),) = value.items()
    if kind == "B":
        return {"B": base64.b64encode(bytes(content)).decode()}
    if kind == "M":
        return {"M": {name: _base64(entry) for name, entry in content.items()}}
    return {"L": [_base64(entry) for entry in content]} if kind == "L" else value


def set_environment(url: str = "http://127.0.0.1:9") -> None:
    """Set the variables that the functions read when they are imported; ``url`` is where AWS and Cloudinary are."""
    queues = {"QUEUE_URL": "Queue", "BULK_QUEUE_URL": "BulkQueue"}
    queues |= {"DEAD_LETTER_QUEUE_URL": "DeadLetterQueue", "BULK_DEAD_LETTER_QUEUE_URL": "BulkDeadLetterQueue"}
    os.environ.update({name: f"{url}/000000000000/{queue}" for name, queue in queues.items()})
    os.environ.update(
        AWS_ENDPOINT_URL=url,
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ACCESS_KEY_ID="none",
        AWS_SECRET_ACCESS_KEY="none",  # noqa: S106
        AWS_EC2_METADATA_DISABLED="true",
        CLOUDINARY_API_BASE=url,
        SECRET_ID="secret",  # noqa: S106
        STATE_TABLE="state",
        HISTORY_TABLE="history",
        EVENT_BUS_NAME="bus",
        POWERTOOLS_SERVICE_NAME="bench",
        POWERTOOLS_METRICS_NAMESPACE="autotag",
        POWERTOOLS_LOG_LEVEL="INFO",
    )
