"""docs/labels.md: every line to type works, and the warnings are those that the command prints."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.labels.published_files import published, zipped
from tests.unit.autotag_cli.labels.test_labels_known import FIVE
from tests.unit.autotag_cli.labels.test_labels_list import ops as ops
from tests.unit.autotag_cli.run_command import PROJECT, autotag, fake_environment

PAGE = (PROJECT / "docs" / "labels.md").read_text("utf-8")
LINES = [
    line.partition("  #")[0].strip()
    for block in re.findall(r"^```bash\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ops: FakeOps) -> Path:
    """A folder with what the page's reader has: exports, the list of AWS and one of their own, rules."""
    monkeypatch.chdir(tmp_path)
    for form in ("parquet", "jsonl"):
        autotag("export", f"library.{form}", "--stack", "prod", obj=fake_environment(ops))
    zipped(tmp_path / "AmazonRekognitionLabels_v3.0.zip", published())
    (tmp_path / "acme-labels.csv").write_text("label,category\nElectric Guitar,Animals and Pets\n")
    (tmp_path / "acme.toml").write_text(FIVE)
    return tmp_path


def test_every_line_works_in_the_order_of_the_page(folder: Path, ops: FakeOps) -> None:
    stack = fake_environment(ops, variables={"AUTOTAG_STACK": "prod"})
    typed = []
    for line in LINES:
        program, *arguments = shlex.split(line)
        assert program == "autotag", line
        if "seen.json" in arguments:
            (folder / "seen.json").write_bytes((folder / ".autotag" / "seen.json").read_bytes())
        result = autotag(*arguments, obj=stack, env={"AUTOTAG_STACK": "prod"})
        typed.append((line, result.exit_code))
    assert typed == [(line, 0) for line in LINES] and len(typed) == 11


def test_the_warnings_are_those_of_the_command(folder: Path, ops: FakeOps) -> None:
    autotag("labels", "import", "AmazonRekognitionLabels_v3.0.zip")
    autotag("labels", "library.jsonl", "--out", ".autotag/seen.json")
    printed = autotag("rules", "check", "acme.toml").stdout.splitlines()
    shown = re.findall(r"^acme\.toml:.*", PAGE, re.MULTILINE)
    assert len(shown) == 2 and set(shown) <= set(printed)
