"""What a handler has logged, as its log group has it."""

import json
import sys
from collections.abc import Callable, Iterator
from logging import StreamHandler
from typing import Any

import pytest

from autotag.telemetry import logger, metrics


class _Stdout:
    """The standard output of the moment: pytest changes it between the phases of a test."""

    @staticmethod
    def write(text: str) -> None:
        sys.stdout.write(text)

    @staticmethod
    def flush() -> None:
        sys.stdout.flush()


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[Any]]]:
    """A function that returns the lines printed since it was called last; each is JSON."""
    metrics.clear_metrics()
    handlers = [handler for handler in logger.handlers if isinstance(handler, StreamHandler)]
    streams = [handler.setStream(_Stdout()) for handler in handlers]  # else they are those of an earlier test

    def lines() -> list[Any]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield lines
    metrics.clear_metrics()
    for handler, stream in zip(handlers, streams, strict=True):
        if stream is not None:
            handler.setStream(stream)
