"""``autotag rules translate``: words that were paid for are written or printed, and none is asked for in vain."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from autotag.domain.rules.parse import MAX_BYTES, parse_rules
from tests.unit.autotag_cli.rules.test_rules_translate import FakeTranslate
from tests.unit.autotag_cli.run_command import autotag

RULES = '[defaults]\nlanguages = ["en", "de"]\n[translations.de]\n[labels.Guitar]\nparents = ["music"]\n'
WORDS = {"Guitar": "Gitarre", "music": "Musik"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text(RULES)
    return tmp_path


def translate(fake: FakeTranslate, *options: str, to: str = "de") -> Result:
    return autotag("rules", "translate", "--rules", "a.toml", "--to", to, "--yes", *options, obj=fake.environment())


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("nodir/x.toml", "nodir/x.toml: cannot be written (No such file or directory)"),
        ("/dev/null", "/dev/null: is there already"),
        ("-", "-: is not a regular file"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_before_words_are_paid_for(out: str, sentence: str) -> None:
    fake = FakeTranslate(words=WORDS)
    run = translate(fake, "--out", out)
    assert (run.exit_code, fake.asked, run.stdout) == (2, [], "") and sentence in run.stderr


def test_rules_without_room_for_the_words_are_refused_before_words_are_paid_for(folder: Path) -> None:
    text = f"#{'x' * (MAX_BYTES - len(RULES) - 10)}\n{RULES}"
    (folder / "a.toml").write_text(text)
    fake = FakeTranslate(words=WORDS)
    run = translate(fake, "--out", "a.toml")
    assert (run.exit_code, fake.asked) == (2, []) and f"at most {MAX_BYTES}" in run.stderr
    assert (folder / "a.toml").read_text() == text


def test_a_word_that_does_not_fit_keeps_no_other_one_out(folder: Path) -> None:
    (folder / "a.toml").write_text(RULES.replace("[defaults]", f'[defaults]\nprefix = "{"p" * 60}"'))
    run = translate(FakeTranslate(words={**WORDS, "Guitar": "G" * 200}), "--out", "a.toml")
    assert parse_rules((folder / "a.toml").read_text()).translations == {"de": {"music": "Musik"}}
    assert f"Guitar: '{'G' * 200}' cannot be written" in run.stderr and "at most 255" in run.stderr
    assert "a.toml: 1 new word in de; 1 of 2 tags have none." in run.stderr and run.exit_code == 0


class RemovesTheFolder(FakeTranslate):
    """A client that makes the rules' folder impossible to write to when it is asked."""

    def translate_text(self, **request: str) -> dict[str, str]:
        Path("sub").rename("moved")
        Path("sub").write_text("")
        self.translate_text = super().translate_text  # type: ignore[method-assign]
        return super().translate_text(**request)


def test_words_are_printed_where_the_file_cannot_be_written_any_more(folder: Path) -> None:
    (folder / "sub").mkdir()
    run = translate(RemovesTheFolder(words=WORDS), "--out", "sub/new.toml")
    assert tomllib.loads(run.stdout) == {"translations": {"de": WORDS}}
    assert run.exit_code == 2 and "sub/new.toml: cannot be written" in run.stderr
    assert "the words are printed instead" in run.stderr


def test_the_rules_are_replaced_in_one_step(folder: Path) -> None:
    os.link("a.toml", "before.toml")  # shows the file that was there, and any write into it
    translate(FakeTranslate(words=WORDS), "--out", "a.toml")
    assert (folder / "before.toml").read_text() == RULES
    assert parse_rules((folder / "a.toml").read_text()).translations == {"de": WORDS}
    assert sorted(os.listdir(folder)) == ["a.toml", "before.toml"]


class Cut(FakeTranslate):
    """A client that reads an answer without a word, as botocore does of a page in HTML or a cut connection."""

    def translate_text(self, **request: Any) -> dict[str, str]:
        return {} if request["Text"] == "music" else super().translate_text(**request)


def test_an_answer_without_a_word_is_one_sentence_and_the_words_so_far_are_written(folder: Path) -> None:
    run = translate(Cut(words=WORDS), "--out", "a.toml")
    assert run.exit_code == 1 and run.stderr.splitlines()[-1].startswith("autotag: Amazon Translate's answer holds no")
    assert parse_rules((folder / "a.toml").read_text()).translations == {"de": {"Guitar": "Gitarre"}}


def test_what_is_printed_is_toml_whatever_the_label(folder: Path) -> None:
    (folder / "a.toml").write_text('[labels."Fog\u00a0x"]\nthreshold = 0.5\n[labels."\U000f0000"]\ntag = "\ue000y"\n')
    words = {"Fog\u00a0x": "Nebel", "\ue000y": "z"}
    run = translate(FakeTranslate(words=words))
    assert tomllib.loads(run.stdout)["translations"]["de"] == words and "Fog\\u00a0x" in run.stdout
