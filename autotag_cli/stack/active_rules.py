"""Rules that a command works with: those in a file, or the active rules of a stack."""

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.parse import parse_rules
from autotag_cli.errors import Failure
from autotag_cli.input.rules_file import load_rules, rules_text
from autotag_cli.stack.ops_client import OpsClient

ACTIVE = "active"
"""The name for the active rules; a file of that name is given as ``./active``."""


def load_active_rules(client: OpsClient) -> Ruleset:
    """Compile the active rules. Raises ``Failure`` if the stack does not return them."""
    try:
        return Ruleset(parse_rules(active_rules_text(client), "the active rules"))
    except Invalid as error:
        raise Failure(str(error)) from error


def active_rules_text(client: OpsClient) -> str:
    """Return the text of the active rules. Raises ``Failure`` if the stack does not return it."""
    answer = client.rules(text=True)
    active = answer.get("active")
    text = active.get("text") if isinstance(active, dict) else None
    if not isinstance(text, str):
        error = active.get("fault") if isinstance(active, dict) else None
        raise Failure(f"the active rules cannot be read: {error or 'the stack is of another version of autotag'}")
    return text


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


def named_rules_text(name: str, client: OpsClient | None) -> str:
    """Return the text of the rules; raises like ``load_named_rules``."""
    return rules_text(name) if name != ACTIVE or client is None else active_rules_text(client)
