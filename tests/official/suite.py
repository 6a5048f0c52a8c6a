"""The tests of one official client, run in its own environment against a local Cloudinary of their own."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.integration.sdk.sdk_configuration import cloudinary_url
from tests.integration.simulator.simulator_client import KEYS, Simulator, launch, stop
from tests.official.lists import Lists, Run
from tests.official.support.pictures import png
from tests.official.unpacked import SUPPORT, Client

MOST_SECONDS = 300
_ENDED = (0, 1, 5)
"""Exit codes of pytest after a whole run: all passed, some failed, none to run."""


@dataclass(frozen=True)
class Suite:
    """Where the tests of clients are run: ``python`` of their environment, ``sources``, and a ``folder`` to work in."""

    python: Path
    sources: Path
    folder: Path

    def run(self, client: Client, lists: Lists) -> Run:
        """Run the tests of ``client`` that must pass, and return what came out of all that were collected.

        Raises ``MissingSource`` without the client's source distribution.
        """
        root = client.unpack(self.sources, self.folder)
        listed, outcomes = self.folder / f"{client.name}-listed.txt", self.folder / f"{client.name}-outcomes.jsonl"
        listed.write_text("\n".join(lists.of(client.name)), encoding="utf-8")
        outcomes.touch()
        simulator = launch(*KEYS, "--admin-limit", "100000", "--unreadable-files", "refuse")
        try:
            early = self._pytest(client, root, {
                "CLOUDINARY_URL": cloudinary_url(simulator.url) + _prepared(simulator),
                "OFFICIAL_LISTED": str(listed),
                "OFFICIAL_OUTCOMES": str(outcomes),
            })  # fmt: skip
        finally:
            stop(simulator)
        run = _read(client.name, outcomes)
        if early:
            run.uncollected[f"{client.name} (its tests ended early)"] = early
        return run

    def _pytest(self, client: Client, root: Path, environment: dict[str, str]) -> str:
        """Run pytest in ``root``, and return why it ended before its end, or nothing."""
        home = self.folder / f"{client.name}-home"  # the command keeps its configuration there
        home.mkdir()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CLOUDINARY", "PYTEST"))}
        own = {"HOME": str(home), "PYTHONPATH": str(SUPPORT), "RUN_SEARCH_TESTS": "1", **environment}
        options = ("-p", "official_plugin", "-p", "no:cacheprovider", "--allow-hosts=127.0.0.1", "--quiet")
        log = self.folder / f"{client.name}.log"
        with log.open("w", encoding="utf-8") as output:
            try:
                ended = subprocess.run(
                    [self.python, "-m", "pytest", *options, "test"], cwd=root, env={**inherited, **own},
                    stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    timeout=MOST_SECONDS, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return f"they took more than {MOST_SECONDS} s"
        if ended.returncode in _ENDED:
            return ""
        return f"pytest ended with {ended.returncode}: {log.read_text(encoding='utf-8').strip()[-2000:]}"


def _prepared(simulator: Simulator) -> str:
    """Give the account the folder that each new one has; return the part of the configuration that names its host.

    Downloads are led to that host, which the local Cloudinary's own URLs name.
    """
    asset = simulator.api("POST", "/image/upload", files={"file": ("probe.png", png(1, 1))}).json()
    simulator.control("POST", "/reset")
    simulator.api("POST", "/folders/samples")
    return f"&cname={urlsplit(asset['url']).netloc}"


def _read(client: str, outcomes: Path) -> Run:
    """Read what the plugin wrote."""
    run = Run()
    for line in outcomes.read_text(encoding="utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        name, detail = f"{client} {entry['name']}", entry["detail"]
        match entry["event"]:
            case "collected":
                run.collected.add(name)
            case "outcome":
                run.note(name, entry["result"], detail)
            case "uncollected":
                run.uncollected[name] = detail
            case "tolerated":
                run.tolerated.setdefault(name, detail)
    return run
