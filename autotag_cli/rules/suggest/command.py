"""``autotag rules suggest``: thresholds learned from what people say about labels."""

from typing import Annotated

import typer

from autotag_cli.stack.options import AsJson, Stack


def suggest(
    ctx: typer.Context,
    rules: Annotated[
        str, typer.Argument(metavar="[RULES]", help="A rules file, or active: the rules of the stack.")
    ] = "active",
    exports: Annotated[
        list[str] | None, typer.Argument(metavar="[EXPORT]...", help="Files written by autotag export.")
    ] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Learn from every asset that the stack knows.")] = False,
    stack: Stack = None,
    min_evidence: Annotated[
        int, typer.Option(min=1, metavar="N", help="Propose no threshold for labels with fewer verdicts.")
    ] = 20,
    wrong_costs: Annotated[
        float,
        typer.Option(min=0.01, max=100, metavar="W", help="How many missing tags are as bad as one wrong tag."),
    ] = 1,
    out: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the rules with the proposed thresholds into FILE.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Propose thresholds for single labels, where they almost surely make the library better. Nothing is changed.

    FILE receives the given rules, with only these thresholds changed: read it, check it, compare it with autotag rules
    diff, push it. Exit code 0 whatever is proposed; 1: the request to the stack failed; 2: the rules or an export could
    not be read, or FILE could not be written.
    """
    from pathlib import Path

    from autotag.domain.errors import Invalid
    from autotag.domain.learning.suggestions import suggest as suggest_thresholds
    from autotag.domain.rules_text.edit import with_thresholds
    from autotag_cli.rules.suggest.collect import evidence_from_exports, evidence_from_stack
    from autotag_cli.rules.suggest.next_steps import Source, next_commands
    from autotag_cli.rules.suggest.records import print_suggestions_json
    from autotag_cli.rules.suggest.view import print_suggestions
    from autotag_cli.stack.active_rules import ACTIVE, read_named_rules
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import note

    if stored == bool(exports):
        raise typer.BadParameter("expected either --stored, or files written by autotag export", param_hint="EXPORT")
    client = connect_ops(ctx, stack) if stored or rules == ACTIVE else None
    text, parsed, ruleset = read_named_rules(rules, client)
    if client and stored:
        evidence = evidence_from_stack(client, ruleset)
    else:
        evidence = evidence_from_exports(exports or (), ruleset)
    suggestions = suggest_thresholds(evidence, ruleset, wrong_costs=wrong_costs, min_verdicts=min_evidence)
    commands = next_commands(suggestions, Source(rules, tuple(exports or ()), out, wrong_costs, min_evidence))
    if as_json:
        print_suggestions_json(suggestions, ruleset, commands)
    else:
        print_suggestions(suggestions, parsed, ruleset, commands)
    if out is None:
        return
    proposals = suggestions.because("proposed")
    edited = with_thresholds(text, {each.label: each.proposed for each in proposals if each.proposed is not None})
    try:
        Path(out).write_bytes(edited.encode())
    except OSError as error:
        raise Invalid(out, f"cannot be written ({error.strerror})") from error
    note(f"{out}: {'the rules with these thresholds' if proposals else 'the rules, unchanged'}")
