"""``autotag rules init`` and ``autotag rules example``."""

import re
from pathlib import Path

import pytest

from autotag_cli.rules.starter.recipes import Recipe, recipes
from tests.unit.autotag_cli.run_command import PROJECT, autotag

RECIPES = list(recipes())
PAGE = (PROJECT / "docs" / "rules.md").read_text("utf-8")
WITHOUT_FILE = {"Trying rules without writing"}
"""Recipes that are about commands, not about a file."""


def test_init_writes_a_file_in_which_check_finds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"

    assert autotag("rules", "init", file).exit_code == 0
    checked = autotag("rules", "check", "--strict", file)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout.startswith(f"{file}: valid: rules my rules, version ")


def test_init_without_a_name_writes_rules_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert autotag("rules", "init").exit_code == 0
    assert (tmp_path / "rules.toml").is_file()


def test_every_rule_of_the_file_is_explained_and_works_when_its_comment_sign_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    autotag("rules", "init", file)
    text = file.read_text()
    file.write_text(re.sub(r"^#(?=[^\s#])", "", text, flags=re.MULTILINE))

    checked = autotag("rules", "check", "--strict", file)

    assert (checked.exit_code, checked.stderr) == (0, "")
    assert file.read_text().count("\n#") < text.count("\n#")


def test_init_replaces_no_file(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text("name = 'mine'\n")

    result = autotag("rules", "init", file)

    expected = f"autotag: {file}: exists already, expected the name of a new file\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", expected)
    assert file.read_text() == "name = 'mine'\n"


def test_init_names_a_file_that_it_cannot_write(tmp_path: Path) -> None:
    result = autotag("rules", "init", tmp_path / "none" / "acme.toml")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "acme.toml: cannot be written (No such file or directory)" in result.stderr


def test_example_lists_the_recipes_of_the_page() -> None:
    titles = [line.split("  ", 1)[1].strip() for line in autotag("rules", "example").stdout.splitlines()]

    part = PAGE[PAGE.index("## Recipes") : PAGE.index("## Learning thresholds")]
    assert {*titles, *WITHOUT_FILE} == set(re.findall(r"^### (.*)$", part, re.MULTILINE))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda each: each.name)
def test_an_example_is_the_one_of_the_page_and_valid(recipe: Recipe) -> None:
    section = PAGE.split(f"\n### {recipe.title}\n", 1)[1].partition("\n### ")[0]
    (shown,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)

    printed = autotag("rules", "example", recipe.name)

    assert (printed.exit_code, printed.stdout) == (0, f"# {recipe.title}\n\n{shown}")
    assert autotag("rules", "check", "--strict", "-", stdin=printed.stdout).exit_code == 0


def test_an_unknown_example_is_named_with_those_that_exist() -> None:
    result = autotag("rules", "example", "nosuch")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("autotag: nosuch: there is no such recipe, expected one of adopt, ")
