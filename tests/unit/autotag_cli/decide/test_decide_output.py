"""What ``autotag decide`` prints: labels against thresholds, colors on terminals alone, no control characters."""

import json

from tests.unit.autotag_cli.decide.decide_samples import RESPONSES, decide_json
from tests.unit.autotag_cli.run_command import autotag


def test_the_table_shows_each_label_against_its_threshold() -> None:
    result = autotag("decide", RESPONSES / "upload-guitarist.json")

    lines = {line.split("  ")[0]: line for line in result.stdout.splitlines()}
    assert "0.7046 ━━━━━━━┃┈┈ 0.70" in lines["Guitar"]
    assert "0.5754 ━━━━━┈┈┃┈┈ 0.70" in lines["Musician"]
    assert "below threshold" in lines["Musician"]


def test_control_characters_of_labels_and_tags_never_reach_the_terminal() -> None:
    name = "Gui\x1b]0;owned\x07tar\u202e\x9b\x7f [bold]x[/bold]"
    text = json.dumps(
        {
            "tags": ["a\x1b[2Jb"],
            "public_id": "x\r\ny",
            "info": {
                "categorization": {"aws_rek_tagging": {"status": "complete", "data": [{"tag": name, "confidence": 1}]}}
            },
        }
    )

    for arguments in ((), ("--json",)):
        result = autotag("decide", *arguments, "-", stdin=text)
        assert result.exit_code == 0
        assert [c for c in result.output if not c.isprintable() and c != "\n"] == []
    assert "Gui\\x1b]0;owned\\x07tar\\u202e\\x9b\\x7f [bold]x[/bold]" in autotag("decide", "-", stdin=text).stdout
    assert decide_json("-", stdin=text)["labels"][0]["label"] == name


def test_colours_are_for_terminals_alone() -> None:
    path = RESPONSES / "upload-guitarist.json"

    assert "\x1b[32m" in autotag("decide", path, color=True).stdout
    assert "\x1b" not in autotag("decide", path).stdout
