"""The two sets of rules of a comparison: each is a file, or the active rules of a stack."""

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag.domain.rules.parse import parse_rules
from autotag_cli.errors import Failure
from autotag_cli.input.rules_file import load_rules, rules_text
from autotag_cli.stack.ops_client import OpsClient

ACTIVE = "active"
"""The name for the published rules; a file of that name is given as ``./active``."""


def load_side(side: str, client: OpsClient | None) -> Rulebook:
    """Compile the rules in the file ``side``, or the active ones of the stack behind ``client``.

    Raises ``Invalid`` with the file and the place in it, ``Failure`` if the stack does not return them.
    """
    if side != ACTIVE or client is None:
        return load_rules(side)
    try:
        return Rulebook(parse_rules(side_text(side, client), "the active rules"))
    except Invalid as error:
        raise Failure(str(error)) from error


def side_text(side: str, client: OpsClient | None) -> str:
    """Return the text of one side's rules; raises like ``load_side``."""
    if side != ACTIVE or client is None:
        return rules_text(side)
    answer = client.rules(text=True)
    active = answer.get("active")
    text = active.get("text") if isinstance(active, dict) else None
    if not isinstance(text, str):
        fault = active.get("fault") if isinstance(active, dict) else None
        raise Failure(f"the active rules cannot be read: {fault or 'the stack is of another version of autotag'}")
    return text
