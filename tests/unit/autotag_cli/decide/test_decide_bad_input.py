"""Input and rules that ``autotag decide`` cannot read: one sentence that names the place."""

from pathlib import Path

import pytest

from tests.unit.autotag_cli.decide.decide_samples import GUITARIST, UPLOAD_SNIPPET, decide_json, tags_of
from tests.unit.autotag_cli.run_command import autotag
from tests.unit.domain.rules.rule_keys import KEYS


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("{\n...\n}", "stdin: line 2, column 1: expected JSON (Expecting property name enclosed in double quotes)"),
        (
            "{'asset_id': 'a1'}",
            "stdin: line 1, column 2: expected JSON, not a printed object: write it with json.dumps",
        ),
        ("[]", "stdin: the list holds no asset"),
        ('{"info": NaN}', "stdin: expected JSON (JSON is malformed: invalid character (byte 9))"),
        (b"{\xff}", "stdin: expected UTF-8"),
        ("[" * 100_000, "stdin: expected JSON (JSON is nested too deeply)"),
        ('{"tags": ["a"]}', "stdin: info.categorization: is missing, expected the response to a call with categorizat"),
        ('{"info": []}', "stdin: info: expected an object"),
        ('{"info": {"categorization": []}}', "stdin: info.categorization: expected an object of providers"),
        (
            '{"info": {"categorization": {"aws_rek_tagging": "complete"}}}',
            "stdin: info.categorization.aws_rek_tagging: expected an object with status and data",
        ),
        ('{"public_id": "a", "version": "1"}', "stdin: version: expected the unix seconds of the upload"),
        ('{"asset_id": "../a"}', "stdin: asset_id: expected 1 to 64 letters"),
        ('{"notification_type": "delete"}', "stdin: notification_type: 'delete' carries no labels, expected upload or"),
        (
            '{"notification_type": "info", "info_kind": "cloudinary_ai"}',
            "stdin: info_kind: expected a provider of labels such as aws_rek_tagging, not 'cloudinary_ai'",
        ),
    ],
)
def test_bad_input_is_one_sentence_that_names_the_place(text: str | bytes, sentence: str) -> None:
    result = autotag("decide", "-", stdin=text)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"autotag: {sentence}")
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert tags_of(decide_json("-", stdin=b"\xef\xbb\xbf" + UPLOAD_SNIPPET.encode())) == GUITARIST


@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"name = ", ":1: found invalid TOML"),
        (b"[defaults]\nthreshold = 2", ":2: defaults.threshold: found 2, expected a number from 0 to 1"),
        (
            b"colour = 1",
            f":1: colour: found an unknown key, expected one of {KEYS}",
        ),
        (b"\xff", ": expected UTF-8 (byte 0 is not)"),
    ],
)
def test_bad_rules_are_one_sentence_that_names_the_file(content: bytes, sentence: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_bytes(content)

    result = autotag("decide", "--rules", rules, "-", stdin=UPLOAD_SNIPPET)

    assert result.exit_code == 2
    assert result.stderr.removeprefix("autotag: ").startswith(f"{rules}{sentence}")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for arguments in ((tmp_path / "none.json",), ("--rules", tmp_path / "none.toml", "-")):
        result = autotag("decide", *arguments, stdin="{}")

        assert result.exit_code == 2
        assert "none." in result.stderr
        assert "cannot be read (No such file or directory)" in result.stderr
