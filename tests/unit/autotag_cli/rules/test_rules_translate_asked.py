"""``autotag rules translate``: what Amazon Translate is asked for, and in which languages."""

from pathlib import Path

import msgspec
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from typer.testing import Result

from autotag.domain.rules.parse import parse_rules
from autotag_cli.input.seen_labels import RulesName, SeenLabel, SeenLabels
from autotag_cli.rules.translate.wanted import wanted
from tests.unit.autotag_cli.rules.test_rules_translate import FakeTranslate
from tests.unit.autotag_cli.run_command import autotag

WORDS = {"Drum": "Trommel", "music": "Musik", "short": "kurz", "animal": "Tier", "Koala": "Koala"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def translate(fake: FakeTranslate, rules: str, *options: str, to: str = "de") -> Result:
    Path("a.toml").write_text(rules)
    return autotag("rules", "translate", "--rules", "a.toml", "--to", to, "--yes", *options, obj=fake.environment())


def save_seen(*labels: tuple[str, float]) -> None:
    seen = tuple(SeenLabel(name, 3, 0.1, 0.3, p90, 0, 0, 0) for name, p90 in labels)
    Path("seen.json").write_bytes(msgspec.json.encode(SeenLabels(1, "prod", "", 9, RulesName("a", "b"), seen)))


def asked(fake: FakeTranslate) -> list[str]:
    return [text for text, _, _ in fake.asked]


def test_names_that_can_be_no_tag_are_neither_asked_for_nor_counted() -> None:
    names = ("", " ", "a, b", "bell\x07", "x" * 256, "y" * 10_001, "z, z", "Drum")
    save_seen(*((name, 0.9) for name in names))
    fake = FakeTranslate(words=WORDS)
    run = translate(fake, '[labels."z, z"]\ntag = "short"\n', "--seen", "seen.json")
    assert asked(fake) == ["short", "Drum"]
    assert run.stderr.startswith("2 new words in de; 0 of 2 tags have none.") and run.exit_code == 0


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "TextSizeLimitExceededException", "Message": "no"}}, "TranslateText"),
        ParamValidationError(report="no"),
    ],
    ids=["too long", "form"],
)
def test_a_text_that_is_refused_does_not_end_the_run(error: Exception) -> None:
    fake = FakeTranslate({"Drum": error}, WORDS)
    run = translate(fake, '[labels.Drum]\nparents = ["music"]\n')
    assert asked(fake) == ["Drum", "music"] and run.exit_code == 0
    assert "Drum: Amazon Translate does not take it" in run.stderr and "1 of 2 tags have none" in run.stderr


@pytest.mark.parametrize(
    ("source", "to", "pair"),
    [
        ("EN", "DE", ("en", "de")),
        ("en", "fr-ca", ("en", "fr-CA")),
        ("en", "zh-tw", ("en", "zh-TW")),
        ("en", "SR-LATN", ("en", "sr-Latn")),
        ("PT-br", "ZH-hans", ("pt", "zh")),
    ],
)
def test_languages_are_asked_for_as_amazon_translate_writes_them(source: str, to: str, pair: tuple[str, str]) -> None:
    fake = FakeTranslate(words=WORDS)
    translate(fake, "[labels.Drum]\nthreshold = 0.9\n", "--from", source, to=to)
    assert fake.asked == [("Drum", *pair)]


@pytest.mark.parametrize(("source", "to"), [("de", "DE"), ("en", "en"), ("pt", "pt-BR")])
def test_a_language_is_not_translated_into_itself(source: str, to: str) -> None:
    fake = FakeTranslate(words=WORDS)
    run = translate(fake, "[labels.Drum]\nthreshold = 0.9\n", "--from", source, to=to)
    assert (run.exit_code, fake.asked) == (2, []) and "expected another language than that of" in run.stderr


def test_rules_may_name_the_language_before_they_have_its_table(folder: Path) -> None:
    rules = 'defaults.languages = ["en", "de"]\n[labels.Drum]\nthreshold = 0.9\n'
    run = translate(FakeTranslate(words=WORDS), rules, "--out", "a.toml")
    text = (folder / "a.toml").read_text()
    assert run.exit_code == 0 and text == f'{rules}\n[translations.de]\nDrum = "Trommel"\n'
    assert parse_rules(text).translations == {"de": {"Drum": "Trommel"}}


def test_parents_of_categories_need_words() -> None:
    fake = FakeTranslate(words=WORDS)
    translate(fake, '[categories.Animals]\nparents = ["animal"]\n')
    assert asked(fake) == ["animal"]


def test_the_bar_and_the_refusal_of_a_category_count() -> None:
    rules = "[categories.Animals]\nthreshold = 0.4\n[categories.People]\ndeny = true\n"
    labels = [SeenLabel(name, 3, 0.1, 0.3, p90, 0, 0, 0) for name, p90 in (("Koala", 0.5), ("Face", 0.9), ("Fog", 0.5))]
    need = wanted(parse_rules(rules), "de", labels, {"Animals": ("koala",), "People": ("face",)})
    assert need.missing == ("Koala",)
