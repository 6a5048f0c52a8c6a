"""Rules that a command works with: those in a file, or the active rules of a stack."""

from typing import Any, NamedTuple

import msgspec

from autotag.domain.errors import Invalid
from autotag.domain.model.conversion import convert
from autotag.domain.rules.checks.categories import CategorySets
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag.domain.rules.schema import Rules
from autotag_cli.errors import Failure
from autotag_cli.input.files import display_name
from autotag_cli.input.rules_file import compile_rules, load_rules, read_rules, rules_text
from autotag_cli.stack.ops_client import OpsClient

ACTIVE = "active"
"""The name for the active rules; a file of that name is given as ``./active``."""


def load_active_rules(client: OpsClient) -> Ruleset:
    """Compile the active rules. Raises ``Failure`` if the stack does not return them."""
    try:
        text, sets = active_rules_text(client)
        return Ruleset(parse_rules(text, "the active rules"), sets)
    except Invalid as error:
        raise Failure(str(error)) from error


class RulesText(NamedTuple):
    """The text of rules, and the labels of the categories that they name."""

    text: str
    sets: CategorySets


def active_rules_text(client: OpsClient) -> RulesText:
    """Return the text of the active rules. Raises ``Failure`` if the stack does not return it."""
    answer = client.rules(text=True)
    active = answer.get("active")
    text = active.get("text") if isinstance(active, dict) else None
    if not isinstance(text, str):
        error = active.get("fault") if isinstance(active, dict) else None
        raise Failure(f"the active rules cannot be read: {error or 'the stack is of another version of autotag'}")
    return RulesText(text, sets_in(active))


def sets_in(answer: Any) -> dict[str, tuple[str, ...]]:
    """Return the labels of categories in what a stack says of rules. Raises ``Failure`` if they are not understood."""
    try:
        return convert(answer.get("sets", {}), dict[str, tuple[str, ...]])
    except msgspec.ValidationError as error:
        raise Failure(f"the categories of the rules are not understood ({error})") from error


def active_providers(client: OpsClient) -> tuple[str, ...]:
    """Return the add-ons whose labels the active rules use, or those of the last good rules.

    Raises ``Invalid`` if the rules cannot be read.
    """
    answer = client.rules(text=True)
    text = answer["active"].get("text") or (answer["last_good"] or {}).get("text")
    return tuple(parse_rules(text).defaults.providers) if text else ("aws_rek_tagging",)


def load_named_rules(name: str, client: OpsClient | None) -> Ruleset:
    """Compile the rules in the file ``name``, or if that is ``ACTIVE``, the active ones of the stack.

    Raises ``Invalid`` with the file and the place in it, ``Failure`` if the stack does not return them.
    """
    return load_rules(name) if name != ACTIVE or client is None else load_active_rules(client)


class NamedRules(NamedTuple):
    """Rules as text, as what it says, and compiled."""

    text: str
    rules: Rules
    ruleset: Ruleset


def read_named_rules(name: str, client: OpsClient | None) -> NamedRules:
    """Return the rules with their text; raises like ``load_named_rules``."""
    if name != ACTIVE or client is None:
        text, file = rules_text(name), display_name(name)
        rules = read_rules(text, file)
        return NamedRules(text, rules, compile_rules(rules, text, file))
    text, sets = active_rules_text(client)
    rules = read_rules(text, display_name(name))
    return NamedRules(text, rules, Ruleset(rules, sets))
