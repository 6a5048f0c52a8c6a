"""Every public function of the Python SDK that calls Cloudinary, and the request that it sends."""

import http.server
import inspect
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import cloudinary
import cloudinary.api
import cloudinary.uploader

WITHOUT_REQUEST = frozenset(
    {"build_eager", "download_generated_sprite", "download_multi", "is_appengine_sandbox", "only",
     "transformation_string"}
)  # fmt: skip
"""Public functions that send nothing: they build a link or a text."""

_KIND = {"resource_type": "image", "type": "upload"}

_CALLERS = frozenset({"call_api", "call_cacheable_api", "call_context_api", "call_json_api", "call_metadata_api",
                      "call_metadata_rules_api", "call_tags_api"})  # fmt: skip
"""Functions beneath all others, which take a path."""


@dataclass(frozen=True)
class Request:
    """One request as it was sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Recorder:
    """A server that keeps each request to ``url``, and answers that everything went well."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)


@contextmanager
def recording() -> Iterator[Recorder]:
    """Run a recorder."""
    recorder = Recorder()

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            recorder.requests.append(Request(self.command, self.path, dict(self.headers.items()), body))
            answer = json.dumps(
                {"public_id": "guitarist", "version": 1, "signature": "0", "format": "bmp", "done": True, **_KIND}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True  # the SDK leaves its connections open
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def functions() -> dict[str, Callable[..., Any]]:
    """Return the public functions of both APIs by name, such as ``api.ping``, without those that take a path."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in (cloudinary.api, cloudinary.uploader)
        for name, function in _public(module)
        if name not in _CALLERS
    }


def _public(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, function in vars(module).items():
        if inspect.isfunction(function) and not name.startswith("_"):
            yield name, function


def sent_by(name: str, library: dict[str, Any]) -> Request:
    """Call a function against a recorder with arguments by their names, and return the request that it sent."""
    function = functions()[name]
    parameters = inspect.signature(function).parameters.values()
    needed = {p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD}
    with recording() as recorder:
        prefix = {"upload_prefix": recorder.url, "timeout": 5}
        function(**{key: library[key] for key in needed} | _options(name.partition(".")[2], library), **prefix)
    (request,) = recorder.requests
    return request


def _options(name: str, library: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a function whose names do not say enough."""
    options: dict[str, dict[str, Any]] = {
        "create_upload_preset": {"name": "preset"},
        "notifications": {"channel": "somewhere", "wait_seconds": 0},
        "add_tag": {"public_ids": library["public_ids"]},
        "remove_tag": {"public_ids": library["public_ids"]},
        "replace_tag": {"public_ids": library["public_ids"]},
        "generate_sprite": {"tag": "music"},
        "multi": {"tag": "music"},
        "visual_search": {"text": "a guitar"},
        "create_slideshow": {"manifest_transformation": {"width": 100}},
        "create_archive": {"tags": "music"},
        "create_zip": {"tags": "music"},
        "explicit": {"type": "upload"},
        "update": {"tags": "music"},
        "upload_large": {"public_id": "new"},
        "update_metadata_field": {"field": {"label": "Size"}},
        "update_metadata_field_datasource": {"entries_external_id": [{"external_id": "one", "value": "2"}]},
        "reorder_metadata_field_datasource": {"order_by": "value"},
    }
    return options.get(name, {})


def picture() -> io.BytesIO:
    """Return a file to upload."""
    return io.BytesIO(b"BM" + bytes(60))
