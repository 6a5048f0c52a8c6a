"""``autotag rules check``: a sentence for each fault, with its file, line and key path; exit code 2 where one is."""

from pathlib import Path

import pytest

from autotag.domain.rules.parse import parse_rules, rules_version
from autotag_cli.input.rules_file import SHIPPED
from tests.unit.autotag_cli.run_command import PROJECT, autotag, objects

EXAMPLE = PROJECT / "docs" / "rules.example.toml"
DEMO = PROJECT / "local" / "demo.toml"
FIVE = """\
name = "acme"

[defaults]
threshold = 0.70
review = 0.80                # above the threshold
providers = [
    "aws_rek_tagging",
    "rekognition_scen",      # not one
]

[labels."Electric Guitar"]
thresold = 0.60              # misspelt
tag = "guitar, electric"     # a comma

[[when]]
name = "stage"
folder = "stage/**"
set.threshold = 0.6

[[when]]
format = []                  # never
add = ["x"]
"""
WARNED = '[defaults]\ndeny = ["Human"]\n\n[labels.Human]\nthreshold = 0.99\n'


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(FIVE, encoding="utf-8")
    return path


def test_five_faults_are_five_sentences_with_their_lines(acme: Path) -> None:
    result = autotag("rules", "check", acme)

    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"{acme}:5: defaults.review: found 0.8, expected at most defaults.threshold, which is 0.7",
        f'{acme}:8: defaults.providers[2]: found the text "rekognition_scen", expected one of "aws_rek_tagging", '
        '"azure_video_indexer", "google_tagging", "google_video_tagging", "imagga_tagging", "rekognition", '
        '"rekognition_scene", "visenze_recognition"; did you mean "rekognition_scene"?',
        f'{acme}:12: labels."Electric Guitar".thresold: found an unknown key, expected one of threshold, tag, parents, '
        "priority; did you mean threshold?",
        f'{acme}:13: labels."Electric Guitar".tag: found the text "guitar, electric", expected a tag: 1 to 255 '
        "characters, no comma, no control or invisible character, no white space at its ends",
        f'{acme}:21: when[2].format: found an empty list, expected a list of at least 1 such as ["jpg", "png"]',
    ]
    assert result.stderr == "5 faults, 0 warnings\n"


@pytest.mark.parametrize(
    ("path", "name"), [(SHIPPED, "default"), (EXAMPLE, "acme"), (DEMO, "demo")], ids=["shipped", "example", "demo"]
)
def test_the_files_of_the_project_are_valid_and_warned_of_nothing(path: Path, name: str) -> None:
    result = autotag("rules", "check", "--strict", path)

    version = rules_version(parse_rules(path.read_text(encoding="utf-8")))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{path}: valid: rules {name}, version {version[:12]}\n"


@pytest.mark.parametrize("text", ["", "\n \n", "# later\n", "\ufeff# later", "[defaults]\n# threshold = 0.9\n"])
def test_rules_that_set_nothing_are_valid_and_said_to_be_empty(text: str) -> None:
    """An empty file is no mistake of its own, but one that was cut off looks like it."""
    result = autotag("rules", "check", "--strict", "-", stdin=text)
    assert result.exit_code == 0
    assert result.stdout.endswith(", empty: it sets nothing, so the defaults decide\n")
    (printed,) = objects(autotag("rules", "check", "--json", "-", stdin=text))
    assert printed["valid"] and printed["empty"]
    (shipped,) = objects(autotag("rules", "check", "--json", SHIPPED))
    assert shipped["valid"] and not shipped["empty"]


def test_warnings_are_marked_and_fail_only_where_that_is_asked_for() -> None:
    result = autotag("rules", "check", "-", stdin=WARNED)

    assert result.exit_code == 0
    warned, valid = result.stdout.splitlines()
    assert warned == (
        'stdin:4: warning: labels."Human": found a rule for a label that defaults.deny[1] denies, expected no such rule'
    )
    assert valid.startswith("stdin: valid: rules default")
    assert result.stderr == "0 faults, 1 warning\n"
    assert autotag("rules", "check", "--strict", "-", stdin=WARNED).exit_code == 2


def test_json_tells_the_same_an_object_a_file(acme: Path) -> None:
    result = autotag("rules", "check", "--json", acme, SHIPPED, "-", stdin=WARNED)

    broken, shipped, warned = objects(result)
    assert result.exit_code == 2 and result.stderr == ""
    assert (broken["file"], broken["valid"], broken["name"], broken["version"]) == (str(acme), False, None, None)
    assert [(fault["line"], fault["column"], fault["path"]) for fault in broken["faults"]] == [
        (5, 1, "defaults.review"),
        (8, 5, "defaults.providers[2]"),
        (12, 1, 'labels."Electric Guitar".thresold'),
        (13, 1, 'labels."Electric Guitar".tag'),
        (21, 1, "when[2].format"),
    ]
    assert broken["faults"][2] == {
        "line": 12,
        "column": 1,
        "path": 'labels."Electric Guitar".thresold',
        "found": "an unknown key",
        "expected": "one of threshold, tag, parents, priority",
        "suggestion": "threshold",
    }
    assert broken["faults"][0]["suggestion"] is None
    version = rules_version(parse_rules(SHIPPED.read_text(encoding="utf-8")))
    assert shipped == {
        "file": str(SHIPPED),
        "valid": True,
        "name": "default",
        "version": version,
        "empty": False,
        "faults": [],
        "warnings": [],
    }
    assert warned["valid"] and [warning["line"] for warning in warned["warnings"]] == [4]
    (strict,) = objects(autotag("rules", "check", "--json", "--strict", "-", stdin=WARNED))
    assert not strict["valid"]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[defaults]\n\nthreshold 0.7\n", "stdin:3: found invalid TOML, expected '=' after a key"),
        ("[defaults]\nthreshold = 1\nthreshold = 2\n[labels]", "stdin:3: found a duplicate key or table"),
        ("[labels.A\n", "stdin:1: found invalid TOML, expected ']'"),
        ("a = [\n1,\n2", "stdin:3: found invalid TOML (unclosed array)"),
        (f"a = {'[' * 3000}", "stdin:1: found tables or lists that are nested too deeply"),
        ("#" * 300_000, "stdin:1: found 300000 bytes"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, start: str) -> None:
    result = autotag("rules", "check", "-", stdin=text)

    assert result.exit_code == 2
    assert result.stdout.startswith(start) and result.stdout.count("\n") == 1


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    text = "\ufeff# rules\r\n[defaults]\r\nthreshold = 7\r\n"
    result = autotag("rules", "check", "-", stdin=text.encode())

    assert result.stdout.startswith("stdin:3: defaults.threshold: found 7,")


@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "cannot be read"), (b"name = '\xff'", "expected UTF-8 (byte 8")]
)
def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_checked(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    path = tmp_path / "acme.toml"
    if content is not None:
        path.write_bytes(content)
    result = autotag("rules", "check", path, SHIPPED)

    assert result.exit_code == 2
    assert f"autotag: {path}: {sentence}" in result.stderr
    assert "valid: rules default" in result.stdout


def test_nothing_that_a_file_holds_reaches_the_terminal_as_a_command() -> None:
    result = autotag("rules", "check", "-", stdin='"\\u001b[31m" = 1\n[labels."a\\u202e"]\n')

    assert "\x1b" not in result.stdout and "\u202e" not in result.stdout
    assert result.stdout.splitlines()[0].startswith('stdin:1: "\\u001b[31m": found an unknown key')


def test_rules_explains_its_commands() -> None:
    help_ = autotag("rules", "--help").stdout

    assert "check" in help_ and "schema" in help_
    assert autotag("rules", "check").exit_code == 2
