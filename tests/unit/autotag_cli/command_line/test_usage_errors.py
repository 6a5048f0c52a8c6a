"""Wrong usage of every command: one sentence in one style, and exit code 2."""

import re

import pytest

from tests.unit.autotag_cli.command_line.commands import COMMANDS, LEAVES
from tests.unit.autotag_cli.run_command import autotag

EVERY = pytest.mark.parametrize("words", sorted(COMMANDS), ids=" ".join)
WITH_ARGUMENTS = sorted(
    w for w, c in LEAVES.items() if any(p.required and p.param_type_name == "argument" for p in c.params)
)
SENTENCE = re.compile(r"autotag: [^:\n]+: [^\n]+\n")


@EVERY
def test_an_unknown_option_is_one_sentence(words: tuple[str, ...]) -> None:
    result = autotag(*words, "--nosuch-option")

    assert (result.exit_code, result.stdout) == (2, "")
    assert SENTENCE.fullmatch(result.stderr)
    assert result.stderr.startswith("autotag: --nosuch-option: there is no such option")


@pytest.mark.parametrize("words", WITH_ARGUMENTS, ids=" ".join)
def test_a_missing_argument_is_one_sentence_with_the_usage(words: tuple[str, ...]) -> None:
    result = autotag(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert SENTENCE.fullmatch(result.stderr)
    assert f": missing, expected {' '.join(('autotag', *words))} [OPTIONS] " in result.stderr


@pytest.mark.parametrize("words", sorted(w for w, c in COMMANDS.items() if hasattr(c, "commands")), ids=" ".join)
def test_an_unknown_command_is_one_sentence(words: tuple[str, ...]) -> None:
    result = autotag(*words, "nosuch")

    assert (result.exit_code, result.stdout) == (2, "")
    assert SENTENCE.fullmatch(result.stderr)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("nosuch", "nosuch: there is no such command, autotag --help lists them"),
        ("audit", "audit: there is no such command, did you mean audits? autotag --help lists them"),
        ("rules chekc", "chekc: there is no such command, did you mean check? autotag rules --help lists them"),
        ("show x y", "y: one argument too many, expected autotag show [OPTIONS] ASSET"),
        ("show x --jsn", "--jsn: there is no such option, did you mean --json? autotag show --help lists them"),
        ("show x --stack", "--stack: expected a value"),
        ("show x --json=yes", "--json: expected no value: it is a switch"),
        ("audits x --limit 0", "--limit: expected a whole number of at least 1, not '0'"),
        ("audits x --limit many", "--limit: expected a whole number of at least 1, not 'many'"),
        ("upload x --jobs 33", "--jobs: expected a whole number from 1 to 32, not '33'"),
        ("upload x --auto-tagging nan", "--auto-tagging: expected a number from 0.0 to 1.0, not 'nan'"),
        ("verify x", "--secret: missing, expected autotag verify [OPTIONS] FILE|-"),
        ("decide", "FILE: expected either inputs or --label"),
        ("decide x --context y", "--context: 'y': expected KEY=VALUE"),
    ],
)
def test_wrong_usage_names_its_place_and_what_was_expected(words: str, sentence: str) -> None:
    result = autotag(*words.split())

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"autotag: {sentence}\n")


def test_a_question_without_an_answer_is_one_sentence() -> None:
    result = autotag("setup", "--signing-keys", "-", stdin="")

    assert result.exit_code in (1, 2)
    assert SENTENCE.fullmatch(result.stderr)
