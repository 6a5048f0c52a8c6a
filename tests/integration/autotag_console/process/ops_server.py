"""The ops function of a stack on a port of this machine: the deployed code's own answers over fakes."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.unit.autotag_cli.fake_review_queue import FakeReviewQueue

CALLER = "arn:aws:sts::123456789012:assumed-role/team/ada"
CLOUDINARY_SECRET = "the-secret-of-cloudinary"
_IDENTITY = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>{CALLER}</Arn><UserId>ada</UserId><Account>123456789012</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""


class OpsServer:
    """It answers while the block runs. ``asked`` holds the bodies of the requests to the ops function."""

    def __init__(self, size: int = 3) -> None:
        self.queue = FakeReviewQueue(size)
        self.asked: list[bytes] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "OpsServer":
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def describe(self, folder: Path) -> None:
        """Write what ``make up`` writes about a local stack, so that commands run in ``folder`` use this one."""
        up = folder / ".local" / "up"
        up.mkdir(parents=True)
        stack = {
            "endpoint_url": self.url,
            "region": "us-east-1",
            "stack": "autotag",
            "outputs": {"OpsUrl": f"{self.url}/ops"},
            "cloudinary_url": f"cloudinary://111:{CLOUDINARY_SECRET}@demo?upload_prefix={self.url}",
        }
        (up / "stack.json").write_text(json.dumps(stack), "utf-8")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, answer = server._answer(self.path, dict(self.headers.items()), body)
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Log nothing."""

        return Handler

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if path != "/ops":
            return 200, _IDENTITY.encode()
        with self._lock:
            self.asked.append(body)
            return self.queue(path, headers, body)
