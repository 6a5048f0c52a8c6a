"""Faults of a rules file look the same wherever they show."""

from pathlib import Path

import pytest

from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.run_command import EVENTS, autotag, fake_environment

FAULTY = "[defaults]\nthreshold = 70\n\n[[when]]\nformat = []\n"
UPLOAD = EVENTS / "responses" / "upload-guitarist.json"


@pytest.mark.parametrize(
    "words",
    [
        ("decide", UPLOAD, "--rules", "{}"),
        ("rules", "push", "{}", "--stack", "prod"),
        ("rules", "push", "{}", "--stack", "prod", "--dry-run"),
        ("rules", "diff", "{}", "{}", UPLOAD),
        ("rules", "diff", "active", "{}", UPLOAD, "--stack", "prod"),
        ("rules", "suggest", "{}", UPLOAD),
    ],
    ids=lambda words: f"{words[0]} {words[1]}",
)
def test_the_faults_are_those_of_rules_check(words: tuple[str | Path, ...], tmp_path: Path) -> None:
    file = tmp_path / "faulty.toml"
    file.write_text(FAULTY)
    ops = FakeOps()

    checked = autotag("rules", "check", file)
    result = autotag(*(str(file) if word == "{}" else word for word in words), obj=fake_environment(ops))

    assert checked.stdout.startswith(f"{file}:2: defaults.threshold: found 70")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == checked.stdout + f"autotag: {file}: found 2 faults, expected rules without any\n"
    assert "rules_push" not in [request["op"] for _, _, request in ops.received]


def test_one_fault_of_the_toml_is_shown_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "faulty.toml"
    file.write_text("name = 'a'\nname = 'b'\n")

    result = autotag("decide", UPLOAD, "--rules", file)

    assert result.stderr.splitlines() == [
        f"{file}:2: found a duplicate key or table, expected each key and table once",
        f"autotag: {file}: found a fault, expected rules without any",
    ]
