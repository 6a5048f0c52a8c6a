"""The rules that a command uses: those in a named file, or the shipped ones."""

from pathlib import Path

import autotag
from autotag.domain.errors import Invalid
from autotag.domain.rules.checks.categories import named_categories
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import InvalidRules
from autotag_cli.errors import FaultyRules
from autotag_cli.input.files import display_name, read_bytes

SHIPPED = Path(autotag.__file__).with_name("default_rules.toml")
"""The default rules, which are also deployed with the functions."""


def load_rules(path: str | None) -> Ruleset:
    """Compile the rules in ``path``, or the shipped ones. Raises ``Invalid``; ``FaultyRules`` with every fault."""
    name = str(SHIPPED) if path is None else path
    text, file = rules_text(name), display_name(name)
    return compile_rules(read_rules(text, file), text, file)


def compile_rules(rules: Rules, text: str, file: str) -> Ruleset:
    """Compile the ``rules`` in ``text``; categories have the labels that this machine knows.

    Raises ``FaultyRules`` with each category that is not known.
    """
    if not named_categories(rules):
        return Ruleset(rules)
    from autotag.domain.rules_text.check import check_text  # few rules name categories
    from autotag_cli.input.categories import known_categories

    checked = check_text(text, None, known_categories())
    if checked.unknown:
        raise FaultyRules(file, checked.unknown_lines(file))
    return Ruleset(rules, checked.sets)


def read_rules(text: str, file: str) -> Rules:
    """Return the rules in ``text``. Raises ``FaultyRules`` with every fault and its line."""
    try:
        return parse_rules(text, file)
    except InvalidRules as error:
        from autotag.domain.rules_text.check import check_text  # only a fault needs its line

        raise FaultyRules(file, check_text(text).fault_lines(file)) from error


def rules_text(path: str) -> str:
    """Return the text of a rules file. Raises ``Invalid`` that names the file."""
    try:
        return read_bytes(path).decode()
    except UnicodeDecodeError as error:
        raise Invalid(display_name(path), f"expected UTF-8 (byte {error.start} is not)") from error
