"""``autotag rules translate``: which tags it asks for, what it says first, and that nothing paid for is lost."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from typer.testing import Result

from autotag.domain.rules.parse import parse_rules
from autotag_cli.input.seen_labels import RulesName, SeenLabel, SeenLabels
from autotag_cli.stack.environment import Environment
from tests.unit.autotag_cli.run_command import autotag, fake_environment

RULES = """# ours
defaults.languages = ["en", "de"]
defaults.deny = ["Person"]
[labels.Axe]
tag = "Guitar"
parents = ["music"]
[translations.de]
Guitar = "Gitarre"  # by hand
[labels.Koala]
threshold = 0.9
"""
WORDS = {"music": "Musik", "Drum": "Trommel", "Koala": "Koala", "Stage": "Bühne"}


class FakeTranslate:
    """A client of Amazon Translate that knows a few words; ``fails`` are errors by text."""

    def __init__(self, fails: dict[str, BaseException] | None = None, words: dict[str, str] = WORDS) -> None:
        self.fails, self.words = fails or {}, words
        self.asked: list[tuple[str, str, str]] = []
        self.opened: list[tuple[str | None, str | None]] = []

    def environment(self) -> Environment:
        def opened(region: str | None, profile: str | None) -> "FakeTranslate":
            self.opened.append((region, profile))
            return self

        return replace(fake_environment(), translate=opened)

    def translate_text(self, **request: str) -> dict[str, str]:
        text = request["Text"]
        self.asked.append((text, request["SourceLanguageCode"], request["TargetLanguageCode"]))
        if text in self.fails:
            raise self.fails[text]
        return {"TranslatedText": self.words[text]}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "TranslateText")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rules, and with the labels of a library."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.toml").write_text(RULES)
    labels = [("Drum", 5, 0.9, 0), ("Person", 4, 0.99, 0), ("Axe", 3, 0.9, 3), ("Fog", 2, 0.4, 0), ("Stage", 1, 0.4, 1)]
    seen = tuple(SeenLabel(name, assets, 0.1, 0.3, p90, tagged, 0, 0) for name, assets, p90, tagged in labels)
    (tmp_path / "seen.json").write_bytes(msgspec.json.encode(SeenLabels(1, "prod", "", 9, RulesName("a", "b"), seen)))
    return tmp_path


def translate(*options: str, fake: FakeTranslate | None = None, **more: Any) -> Result:
    environment = (fake or FakeTranslate()).environment()
    return autotag(
        "rules", "translate", "--rules", "rules.toml", "--seen", "seen.json", *options, obj=environment, **more
    )


def test_words_come_for_tags_without_one_those_of_frequent_labels_first(folder: Path) -> None:
    fake = FakeTranslate()
    run = translate("--to", "de", "--yes", fake=fake)
    assert [text for text, _, _ in fake.asked] == ["Drum", "Stage", "music", "Koala"]
    assert fake.asked[0] == ("Drum", "en", "de")
    assert run.stdout.splitlines() == [
        "[translations.de]",
        'Guitar = "Gitarre"',
        'Drum = "Trommel"',
        'Stage = "Bühne"',
        'music = "Musik"',
        'Koala = "Koala"',
    ]
    assert run.stderr == "4 new words in de; 0 of 5 tags have none.\n"
    assert (folder / "rules.toml").read_text() == RULES and run.exit_code == 0


def test_the_cost_is_said_and_nothing_is_asked_without_an_answer(folder: Path) -> None:
    fake = FakeTranslate()
    run = translate("--to", "de", fake=fake)
    assert (run.exit_code, fake.asked, fake.opened) == (2, [], [])
    assert "Ask Amazon Translate for 4 words in de? These are 19 characters, less than $0.01 at $15 per million" in (
        " ".join(run.stderr.split())
    )


def test_words_are_added_to_the_rules_themselves_and_the_rest_stays(folder: Path) -> None:
    run = translate("--to", "de", "--yes", "--out", "rules.toml")
    text = (folder / "rules.toml").read_text()
    new = 'Drum = "Trommel"\nStage = "Bühne"\nmusic = "Musik"\nKoala = "Koala"\n'
    assert text == RULES.replace("# by hand\n", f"# by hand\n{new}")
    assert (run.exit_code, run.stdout) == (0, "")
    fake = FakeTranslate()
    again = translate("--to", "de", "--yes", "--out", "rules.toml", fake=fake)
    assert (again.exit_code, fake.asked, (folder / "rules.toml").read_text()) == (0, [], text)


def test_a_new_file_gets_the_rules_with_a_table_of_their_own(folder: Path) -> None:
    fake = FakeTranslate(words=WORDS | {"Guitar": "violão"})
    run = translate("--to", "pt-BR", "--yes", "--out", "new.toml", fake=fake)
    rules = parse_rules((folder / "new.toml").read_text())
    assert rules.translations["pt-BR"] == {
        "Drum": "Trommel", "Guitar": "violão", "Stage": "Bühne", "music": "Musik", "Koala": "Koala",
    }  # fmt: skip
    assert rules.translations["de"] == {"Guitar": "Gitarre"}
    assert {target for _, _, target in fake.asked} == {"pt"}
    assert 'languages = ["en", "pt-BR"]' in run.stderr


def test_another_file_that_is_there_is_not_overwritten(folder: Path) -> None:
    (folder / "other.toml").write_text('name = "other"\n')
    fake = FakeTranslate()
    run = translate("--to", "de", "--yes", "--out", "other.toml", fake=fake)
    assert (run.exit_code, fake.asked) == (2, [])
    assert "other.toml: is there already" in run.stderr
    assert (folder / "other.toml").read_text() == 'name = "other"\n'


def test_words_of_a_file_cost_nothing(folder: Path) -> None:
    (folder / "words.csv").write_bytes("\ufefftag,Word,note\r\nDRUM,Trommel,x\r\nStage,,\r\nViolin,Geige,\r\n".encode())
    fake = FakeTranslate()
    run = translate("--to", "de", "--file", "words.csv", fake=fake)
    assert run.stdout.splitlines() == ["[translations.de]", 'Guitar = "Gitarre"', 'Drum = "Trommel"']
    assert run.stderr == "1 new word in de; 3 of 5 tags have none.\n" and fake.opened == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"tag;word\nDrum;Trommel\n", "words.csv:1: has no column tag and no column word, expected tag,word"),
        (b"tag,word,Word \nDrum,a,b\n", "words.csv:1: has the column word twice, expected it once"),
        (b'tag,word\nDrum,"a, b"\n', "words.csv:2: found 'a, b', expected 1 to 255 characters, no comma"),
        (b"tag,word\nDrum,a\ndrum,b\n", "words.csv:3: has another word for drum, expected one for each tag"),
        (b"tag,word\nB\xfchne,x\n", "words.csv: is not UTF-8: save it as CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(folder: Path, data: bytes, sentence: str) -> None:
    (folder / "words.csv").write_bytes(data)
    run = translate("--to", "de", "--file", "words.csv")
    assert run.exit_code == 2 and sentence in run.stderr and len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (refusal("TooManyRequestsException"), "asked too often"),
        (refusal("AccessDeniedException"), "does not allow translate:TranslateText"),
        (refusal("UnsupportedLanguagePairException"), "does not translate from en to de"),
        (refusal("ServiceUnavailableException"), "out of order"),
        (refusal("InvalidRequestException"), "refused (InvalidRequestException): no"),
        (NoCredentialsError(), "cannot be called: Unable to locate credentials"),
        (KeyboardInterrupt(), "Interrupted; the words that came are kept."),
    ],
    ids=["throttled", "denied", "pair", "down", "other", "credentials", "interrupted"],
)
def test_what_was_paid_for_is_written_whatever_happens(folder: Path, error: BaseException, sentence: str) -> None:
    fake = FakeTranslate({"music": error})
    run = translate("--to", "de", "--yes", "--out", "rules.toml", fake=fake)
    assert (run.exit_code, [text for text, _, _ in fake.asked]) == (1, ["Drum", "Stage", "music"])
    assert sentence in run.stderr.splitlines()[-1]
    assert list(parse_rules((folder / "rules.toml").read_text()).translations["de"]) == ["Guitar", "Drum", "Stage"]
    printed = translate("--to", "fr", "--yes", fake=FakeTranslate({"music": error}, WORDS | {"Guitar": "guitare"}))
    assert 'Stage = "Bühne"' in printed.stdout and "music" not in printed.stdout and printed.exit_code == 1


def test_an_answer_that_can_be_no_tag_is_said_and_left_out(folder: Path) -> None:
    run = translate("--to", "de", "--yes", fake=FakeTranslate(words=WORDS | {"Drum": "Trommel, groß"}))
    assert "Drum" not in run.stdout and "Drum: 'Trommel, groß' can be no tag" in run.stderr
    assert "1 of 5 tags have none" in run.stderr


def test_a_code_that_is_none_is_refused_before_anything_is_asked(folder: Path) -> None:
    run = translate("--to", "german", "--yes")
    assert (run.exit_code, run.stderr) == (
        2,
        "autotag: --to: found 'german', expected the code of a language, such as de or pt-BR\n",
    )
