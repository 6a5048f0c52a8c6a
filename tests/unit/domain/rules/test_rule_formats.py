"""Which assets a block with ``format`` matches, whichever name of the format the rules and Cloudinary use."""

import pytest

from autotag.domain.rules.compiled.ruleset import Ruleset, Subject
from autotag.domain.rules.parse import parse_rules
from tests.unit.domain.rules.rule_findings import found

BLOCK = '[[when]]\nformat = ["{}"]\nadd = ["x"]\n'


@pytest.mark.parametrize("answered", ["jpg", "JPG", "jpeg", "jpe"])
@pytest.mark.parametrize("written", ["jpg", "jpeg", "JPEG", ".jpg", ".JPEG", "jpe", "jfif", "pjpeg"])
def test_jpeg_is_one_format(written: str, answered: str) -> None:
    ruleset = Ruleset(parse_rules(BLOCK.format(written)))
    assert [tag for tag, _ in ruleset.settings_for(Subject(format=answered), {}).add] == ["x"]


@pytest.mark.parametrize(("written", "answered"), [("tif", "tiff"), ("tiff", "tif"), ("TIFF", "tiff")])
def test_tiff_is_one_format(written: str, answered: str) -> None:
    ruleset = Ruleset(parse_rules(BLOCK.format(written)))
    assert [tag for tag, _ in ruleset.settings_for(Subject(format=answered), {}).add] == ["x"]


@pytest.mark.parametrize("answered", ["png", "jp2", "tga", ""])
def test_other_formats_do_not_match(answered: str) -> None:
    ruleset = Ruleset(parse_rules(BLOCK.format('jpeg", "tif')))
    assert not ruleset.settings_for(Subject(format=answered), {}).add


def test_two_names_of_one_format_are_one_name_twice() -> None:
    assert found(BLOCK.format('jpg", "jpeg')) == [
        'warning: when[1].format[2]: found "jpeg", which is when[1].format[1] already, expected each name once'
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("image/jpeg", "jpg"),
        ("image/png", "png"),
        ("*.tiff", "tif"),
        (" jpg", "jpg"),
        ("image/svg+xml", ""),
        ("jpg\u200b", ""),
        ("jp\\u0007g", ""),
        ("\uff4a\uff50\uff47", ""),
        ("a b", ""),
    ],
)
def test_what_no_format_is_called_is_a_warning(written: str, meant: str) -> None:
    (sentence,) = found(BLOCK.format(written))
    assert sentence.startswith("warning: when[1].format[1]: found ")
    assert "which no format is called, expected a format such as jpg" in sentence
    assert sentence.endswith(f'; did you mean "{meant}"?' if meant else "such as jpg")


@pytest.mark.parametrize("written", ["jpg", ".JPG", "heic", "heif", "jp2", "m3u8", "glb", "3ds", "webp", "avif"])
def test_a_format_gets_no_warning(written: str) -> None:
    assert found(BLOCK.format(written)) == []
