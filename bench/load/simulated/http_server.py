"""AWS and Cloudinary in memory behind HTTP, in a process of their own: the deployed code calls them as it is.

    python -m bench.load.simulated.http_server TEMPLATE

It prints its port, and stops at the end of its input. ``GET /counts`` returns the number of calls by operation,
``GET /item/KEY`` an item of the State table; ``POST /tables`` takes other tables, as a pickle.
"""

import json
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote

from bench.load.simulated.dynamodb.client import ConditionalCheckFailed, DynamoDB
from bench.load.simulated.dynamodb.tables import Table
from bench.load.simulated.other_services import SQS, Events, Queue
from bench.load.simulated.template import Template

SECRET = {"cloud_name": "bench", "api_key": "222", "api_secret": "bench", "writer_key_dedicated": True}


class Services:
    """What is behind the server. One call is answered at a time."""

    def __init__(self, template: Template) -> None:
        self.counts: Counter[str] = Counter()
        self.lock = Lock()
        self.tables = {
            "state": Table(template.table("StateTable")),
            "history": Table(template.table("HistoryTable")),
        }
        queues = {name: Queue(name, lambda: 0.0, 360, 15) for name in template.queues()}
        self._clients: dict[str, Any] = {
            "DynamoDB_20120810": DynamoDB(self.tables, self._count),
            "AmazonSQS": SQS(queues, self._count),
            "AWSEvents": Events(self._count),
            "secretsmanager": self,
        }

    def _count(self, operation: str, call: Mapping[str, Any]) -> None:
        self.counts[operation] += 1

    def get_secret_value(self, **call: Any) -> dict[str, str]:
        """Return the secret."""
        return {"SecretString": json.dumps(SECRET)}

    def aws(self, target: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer a call of AWS."""
        service, _, operation = target.partition(".")
        method = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).strip("_")
        call: Callable[..., dict[str, Any]] = getattr(self._clients[service], method)
        try:
            return 200, call(**json.loads(body))
        except ConditionalCheckFailed as error:
            kind = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"
            return 400, {"__type": kind, "message": str(error), **({"Item": item} if (item := _item(error)) else {})}

    def cloudinary(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Answer a call of Cloudinary."""
        self.counts["Cloudinary"] += 1
        if path.endswith("/tags"):
            return 200, {"public_ids": parse_qs(body.decode())["public_ids[]"]}
        return 404, {"error": {"message": "not found"}}


def _item(error: ConditionalCheckFailed) -> Any:
    response: Mapping[str, Any] = error.response
    return response.get("Item")


def _handler(services: Services) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet an answer

        def do_GET(self) -> None:
            if self.path == "/counts":
                self._answer(200, dict(services.counts))
            elif self.path.startswith("/item/"):
                key = (("S", unquote(self.path.removeprefix("/item/"))),)
                self._answer(200, services.tables["state"].items[key])
            else:
                self._answer(*services.cloudinary(self.path, b""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/tables":
                services.tables.update(pickle.loads(body))  # noqa: S301 - the benchmark's own
                self._answer(200, {})
                return
            target = self.headers.get("X-Amz-Target")
            with services.lock:
                status, answer = services.aws(target, body) if target else services.cloudinary(self.path, body)
            self._answer(status, answer)

        def _answer(self, status: int, answer: dict[str, Any]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def main() -> None:
    """Serve until the end of the input."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(Services(Template(Path(sys.argv[1])))))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
