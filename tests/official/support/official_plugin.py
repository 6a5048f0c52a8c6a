"""A pytest plugin for the tests of the official clients: runs those that are listed, and writes what came out.

It is loaded with ``-p official_plugin`` in the clients' own environment, so it imports nothing of this project.
``OFFICIAL_LISTED`` names a file with the tests to run, one name a line; ``OFFICIAL_OUTCOMES`` the file to write: one
JSON object a line, with ``event`` (collected, outcome, uncollected or tolerated), ``name``, ``result`` and ``detail``.
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cloudinary import api

MOST_SECONDS_FOR_FILES = 2
"""How long tests of ``cld sync`` wait for their files to be listed. Their own 15 s are for an index that lags."""

MOST_CHARACTERS = 300


class Recorder:
    """What came out, written as it happens."""

    def __init__(self, listed: Path, outcomes: Path) -> None:
        self._listed = set(listed.read_text(encoding="utf-8").splitlines())
        self._outcomes = outcomes
        self._uncreated: set[str] = set()
        api.add_metadata_field = self._tolerant(api.add_metadata_field, "setUpClass")
        api.delete_metadata_field = self._tolerant(api.delete_metadata_field, "tearDownClass")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Record all tests, and keep those that are listed."""
        for item in items:
            self._write("collected", _name(item.nodeid))
        left_out = [item for item in items if _name(item.nodeid) not in self._listed]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _name(item.nodeid) in self._listed]
        for item in items:
            waiting = getattr(getattr(item, "cls", None), "_wait_for_cld_files", None)
            if waiting is not None:
                waiting.__defaults__ = (MOST_SECONDS_FOR_FILES,)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record a module that cannot be imported."""
        if report.failed:
            self._write("uncollected", report.nodeid, detail=_detail(report))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the result of a test. A setup or teardown that fails counts as the test's failure."""
        if report.when == "call" or not report.passed:
            self._write("outcome", _name(report.nodeid), report.outcome, _detail(report))

    def _tolerant(self, call: Callable[..., Any], place: str) -> Callable[..., Any]:
        """Return ``call`` such that its errors in the class method ``place`` are recorded and do not end the class.

        Only a metadata field that could not be created may fail to be deleted.
        """

        def tolerant(field: Any, **options: Any) -> Any:
            name = field["external_id"] if isinstance(field, dict) else field
            caller = sys._getframe(1).f_code.co_name
            try:
                return call(field, **options)
            except Exception as error:  # the SDK raises no narrower one for 501
                if caller != place or (place == "tearDownClass" and name not in self._uncreated):
                    raise
                self._uncreated.add(name)
                self._write("tolerated", name, detail=f"{place}: {error}")
                return {}

        return tolerant

    def _write(self, event: str, name: str, result: str = "", detail: str = "") -> None:
        line = json.dumps({"event": event, "name": name, "result": result, "detail": detail})
        with self._outcomes.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder, and turn the retries of the command's tests off: an answer is right at once, or wrong."""
    recorder = Recorder(Path(os.environ["OFFICIAL_LISTED"]), Path(os.environ["OFFICIAL_OUTCOMES"]))
    config.pluginmanager.register(recorder, "official-recorder")
    sys.path.insert(0, os.getcwd())
    helper_test: Any = importlib.import_module("test.helper_test")
    helper_test.retry_assertion = lambda test=None, **options: test if test else (lambda decorated: decorated)


def _name(nodeid: str) -> str:
    """Return a test's name: ``test/test_api.py::ApiTest::test01_ping`` is ``test.test_api.ApiTest::test01_ping``."""
    file, *scopes, test = nodeid.split("::")
    return ".".join([file.removesuffix(".py").replace("/", "."), *scopes]) + f"::{test}"


def _detail(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the place and the first line of an error, or the reason of a skip."""
    error: Any = report.longrepr
    if isinstance(error, tuple):
        return str(error[2])
    crash = getattr(error, "reprcrash", None)
    if crash is None:
        return str(error or "").strip().rpartition("\n")[2]
    places = [entry.reprfileloc for entry in error.reprtraceback.reprentries if getattr(entry, "reprfileloc", None)]
    own = [place for place in places if (Path.cwd() / place.path).resolve().is_relative_to(Path.cwd().resolve())]
    place = own[-1] if own else crash
    return f"{os.path.relpath(place.path)}:{place.lineno}: {crash.message.partition('\n')[0][:MOST_CHARACTERS]}"
