"""The simulator as a program: its command line, its beginning and its end."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
import requests

from tests.integration.simulator.simulator_client import KEYS, ROOT, Receiver, Simulator


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simulator", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--key", "1:s"), "the following arguments are required: --port"),
        (("--port", "0"), "at least one --key ID:SECRET is needed"),
        (("--port", "0", "--key", "nosecret"), "'nosecret' is not of the form ID:SECRET"),
        (("--port", "0", "--key", "1:s", "--key", "1:t"), "--key 1 is given twice"),
        (("--port", "70000", "--key", "1:s"), "70000 is not a port"),
        (("--port", "0", "--host", "0.0.0.0", *KEYS), "0.0.0.0 is not a loopback address"),  # noqa: S104
        (("--port", "0", "--time-scale", "0", *KEYS), "0 is not a positive number"),
        (("--port", "0", "--admin-limit", "-1", *KEYS), "-1 is not a whole number"),
        (("--port", "0", "--notification-url", "ftp://x", *KEYS), "ftp://x is not an http or https URL"),
        (
            ("--port", "0", "--s3-endpoint", "http://x:1", *KEYS),
            "http://x:1 is not a URL such as http://127.0.0.1:4566",
        ),
        (("--port", "0", "--cloud", "", *KEYS), "'' is not a cloud name"),
        (("--port", "0", "--colour", *KEYS), "unrecognized arguments: --colour"),
    ],
)
def test_a_wrong_command_line_is_told_in_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_a_port_in_use_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("--port", str(taken.getsockname()[1]), *KEYS)
    assert ended.returncode == 1
    assert "cannot listen on 127.0.0.1" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_options_of_the_command_line_hold(start: Callable[..., Simulator], receiver: Receiver) -> None:
    simulator = start("--cloud", "acme", "--admin-limit", "3", "--notification-url", receiver.url, "--time-scale", "50")
    settings = simulator.control("GET", "/settings")
    assert (settings["admin_limit"], settings["time_scale"]) == (3, 50)
    assert simulator.control("GET", "/health")["cloud"] == "acme"
    answer = requests.post(
        f"{simulator.url}/v1_1/acme/image/upload",
        data={"file": "data:,x", "public_id": "a"},
        auth=("222222222222222", "writer-test-secret"),
        timeout=30,
    )
    assert answer.ok
    [notification] = receiver.wait("upload")
    assert notification.body["url"].startswith(f"{simulator.url}/acme/image/upload/v")


def test_sigterm_ends_it_at_once_whatever_is_under_way(start: Callable[..., Simulator]) -> None:
    simulator = start()
    simulator.mode("*", "info", seconds=600)
    simulator.api(
        "POST",
        "/image/upload",
        data={
            "file": "data:,x",
            "categorization": "aws_rek_tagging",
            "notification_url": "http://127.0.0.1:9/",
        },
    )
    simulator.control("POST", "/faults", {"match": {"path": "*/ping"}, "fault": {"delay": 60}})
    answers: list[str] = []

    def hang() -> None:
        try:
            answers.append(str(simulator.api("GET", "/ping").status_code))
        except requests.RequestException as error:
            answers.append(type(error).__name__)

    hanging = threading.Thread(target=hang)
    hanging.start()
    assert simulator.control("GET", "/health")["background"] >= 2  # the pending labels and the retry

    started = time.monotonic()
    simulator.process.terminate()
    assert simulator.process.wait(timeout=30) == 0
    assert time.monotonic() - started < 20
    hanging.join(timeout=30)
    assert len(answers) == 1
