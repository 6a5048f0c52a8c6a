"""Images in a bucket: the local Rekognition reads them from the S3 that its settings name."""

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
import requests
from botocore.exceptions import ClientError

from tests.integration.simulator.rekognition.rekognition_client import JPEG, PNG, detect_calls, rekognition
from tests.integration.simulator.simulator_client import Simulator

LIMIT = 15 * 1024**2
OBJECTS = {
    "/originals/zoo/a%20%C3%A9.jpg": JPEG,
    "/originals/koala5.png": PNG,
    "/originals/koala5.png?versionId=v1": JPEG,
    "/originals/large.jpg": JPEG + bytes(LIMIT - len(JPEG)),
    "/originals/larger.jpg": JPEG + bytes(LIMIT + 1 - len(JPEG)),
    "/originals/a.webp": b"RIFF1234WEBP",
}


@pytest.fixture
def s3(simulator: Simulator) -> Iterator[None]:
    """An S3 with a few objects, which the simulator knows."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = OBJECTS.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the reader stops once an object is too large
                self.wfile.write(body or b"")

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    simulator.settings(s3_endpoint=f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def names(simulator: Simulator, key: str, version: str = "") -> set[str]:
    image = {"Bucket": "originals", "Name": key} | ({"Version": version} if version else {})
    answer = rekognition(simulator).detect_labels(Image={"S3Object": image})
    return {label["Name"] for label in answer["Labels"]}


def refusal(simulator: Simulator, key: str) -> str:
    with pytest.raises(ClientError) as caught:
        names(simulator, key)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.usefixtures("s3")
def test_an_object_has_the_labels_of_its_bytes_or_of_a_recording_with_its_name(simulator: Simulator) -> None:
    by_bytes = rekognition(simulator).detect_labels(Image={"Bytes": JPEG})
    assert names(simulator, "zoo/a é.jpg") == {label["Name"] for label in by_bytes["Labels"]}
    assert "Koala" in names(simulator, "koala5.png")
    names(simulator, "koala5.png", "v1")
    calls = detect_calls(simulator)["calls"]
    assert [call["object"] for call in calls[1:]] == ["originals/zoo/a é.jpg", *["originals/koala5.png"] * 2]
    assert calls[0]["digest"] == calls[1]["digest"] == calls[3]["digest"] != calls[2]["digest"]


@pytest.mark.usefixtures("s3")
def test_an_object_may_have_15_megabytes(simulator: Simulator) -> None:
    assert names(simulator, "large.jpg")
    assert refusal(simulator, "larger.jpg") == "ImageTooLargeException"


@pytest.mark.usefixtures("s3")
def test_a_missing_object_and_one_of_another_format_are_refused(simulator: Simulator) -> None:
    assert refusal(simulator, "nobody.jpg") == "InvalidS3ObjectException"
    assert refusal(simulator, "a.webp") == "InvalidImageFormatException"
    assert detect_calls(simulator)["paid"] == 0


def test_without_an_s3_no_object_is_found(simulator: Simulator) -> None:
    assert refusal(simulator, "a.jpg") == "InvalidS3ObjectException"
    simulator.settings(s3_endpoint="http://127.0.0.1:1")
    assert refusal(simulator, "a.jpg") == "InvalidS3ObjectException"


def test_the_s3_may_be_on_loopback_alone(simulator: Simulator, start: Callable[..., Simulator]) -> None:
    url = f"{simulator.url}/_simulator/settings"
    for endpoint in ("http://example.com:80", "https://127.0.0.1:1", "http://127.0.0.1:1/path"):
        assert requests.put(url, json={"s3_endpoint": endpoint}, timeout=30).status_code == 400
    started = start("--s3-endpoint", "http://127.0.0.1:4566")
    assert started.control("GET", "/settings")["s3_endpoint"] == "http://127.0.0.1:4566"
