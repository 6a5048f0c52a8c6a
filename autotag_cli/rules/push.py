"""``autotag rules push``: publishes rules; running workers start to use them by themselves."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from autotag_cli.stack.options import Stack

if TYPE_CHECKING:
    from autotag.domain.rules_text.check import CheckedRules
    from autotag_cli.stack.ops_client import OpsClient

_IN_USE = "New decisions use them within a minute."
_DIFF = "autotag rules diff active FILE --stored counts the known assets whose tags would change"


def push(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The rules file; - is stdin.")],
    stack: Stack = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check the file, and show what would be published in place of what.")
    ] = False,
    categories_of: Annotated[
        str | None,
        typer.Option(
            metavar="SEQ|VERSION",
            help="Give categories the labels that they had in this push, not those of the imported list.",
        ),
    ] = None,
) -> None:
    """Check a rules file as autotag rules check does, and publish it. Workers use it within a minute.

    The command then says of how many known assets a retag would change the tags, of many assets for the first of them.
    If this version is already active, nothing changes. Exit code 1: it was not published, because the request to the
    stack failed, or because rules were pushed at the same moment; 2: the file has faults.
    """
    from autotag.domain.rules_text.categories import KnownCategories
    from autotag.domain.rules_text.check import check_text
    from autotag_cli.errors import FaultyRules
    from autotag_cli.input.categories import known_categories
    from autotag_cli.input.files import display_name
    from autotag_cli.input.rules_file import rules_text
    from autotag_cli.labels.knowledge import known_labels
    from autotag_cli.rules.check import sentences
    from autotag_cli.rules.version_names import full_version
    from autotag_cli.stack.active_rules import sets_in
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import note, printable

    text = rules_text(file)
    categories, client = known_categories(), None
    if categories_of is not None:
        client = connect_ops(ctx, stack, changes=not dry_run)
        earlier = client.rules_version(full_version(client, categories_of))
        categories = KnownCategories(fixed=sets_in(earlier), fixed_by=f"push {categories_of}")
    checked = check_text(text, known_labels(), categories)
    if checked.rules is None or checked.unknown:
        name = display_name(file)
        raise FaultyRules(name, checked.fault_lines(name) or checked.unknown_lines(name))
    for sentence in sentences(display_name(file), checked):
        typer.echo(printable(sentence), err=True)
    client = client or connect_ops(ctx, stack, changes=not dry_run)
    active = client.rules(text=bool(checked.sets))["active"]
    for moved in _moved(checked, active):
        note(printable(moved))
    if sentence := _half_of_rekognition(client, checked):
        note(sentence)
    if dry_run:
        typer.echo(printable(_planned(checked, active)))
        if active["version"] != checked.version:
            note(f"{_DIFF.replace('FILE', file) if file != '-' else _DIFF}.")
        return
    pushed = client.push_rules(text, active["seq"], checked.sets)
    typer.echo(f"{'published' if pushed.changed else 'active already'}: {printable(_named(checked))}, seq {pushed.seq}")
    if pushed.changed:
        from autotag_cli.rules.concerned_assets import concerns

        note(_IN_USE)
        note(concerns(client))


def _moved(checked: "CheckedRules", active: dict[str, Any]) -> list[str]:
    """Return a sentence for each category of the active rules that gets other labels."""
    from autotag.domain.rules_text.categories import moved_labels
    from autotag_cli.rules.moved_text import moved_text
    from autotag_cli.stack.active_rules import sets_in

    return [moved_text(each) for each in moved_labels(sets_in(active), checked.sets)] if checked.sets else []


def _half_of_rekognition(client: "OpsClient", checked: "CheckedRules") -> str:
    """Return a sentence if only one of the rules and the stack's parameter is for asking Rekognition, or ""."""
    from autotag.domain.errors import AutotagError
    from autotag.domain.model.labels import REKOGNITION

    try:
        health = client.health()
    except AutotagError:  # the push does not depend on it
        return ""
    source = health["settings"].get("rekognition", "off")
    named = checked.rules is not None and REKOGNITION in checked.rules.defaults.providers
    if named and source == "off":
        return "The rules name the provider rekognition, and the stack does not ask it: deploy with Rekognition=url."
    if named and (health.get("detection") or {}).get("cap") == 0:
        return (
            f"The rules name the provider rekognition, and the stack does not ask it (Rekognition={source}, "
            "DetectPerDay=0): deploy with DetectPerDay=NUMBER."
        )
    if not named and source != "off":
        return f"The stack may ask Rekognition (Rekognition={source}), and the rules do not name it as a provider."
    return ""


def _planned(checked: "CheckedRules", active: dict[str, Any]) -> str:
    if active["seq"] and active["version"] == checked.version:
        return f"active already: {_named(checked)}, seq {active['seq']}"
    over = f"{active['name'] or 'unreadable ones'}, version {active['version'][:12]}, seq {active['seq']}"
    return f"would publish: {_named(checked)}, seq {active['seq'] + 1}, over rules {over}"


def _named(checked: "CheckedRules") -> str:
    name = checked.rules.name if checked.rules else ""
    return f"rules {name}, version {checked.version[:12]}"
