"""``autotag rules check``: every error of a rules file, with its line."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from autotag_cli.stack.options import Stack

if TYPE_CHECKING:
    from autotag.domain.rules_text.check import CheckedRules


def check(
    ctx: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE|-", help="Rules files; - is stdin.")],
    stored: Annotated[
        bool, typer.Option("--stored", help="Also warn of labels that no asset of the stack ever had; reads them all.")
    ] = False,
    stack: Stack = None,
    seen: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Also warn of labels that are not in FILE, which autotag labels --out wrote.",
            show_default=".autotag/seen.json, if it is there",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, one for each file.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings, too.")] = False,
) -> None:
    """Report what is wrong with rules files: a sentence for each fault, with its line and key path.

    The service refuses rules with a fault. A warning marks what is probably a mistake. Where labels are known, from a
    list that autotag labels import read or from a library, a label that Rekognition does not answer with is one.
    Exit code 1: the request to the stack failed; 2: there are faults (or warnings, with --strict).
    """
    from autotag.domain.errors import Invalid
    from autotag.domain.rules_text.check import check_text
    from autotag_cli.command_line.combinations import refuse_beside
    from autotag_cli.input.categories import known_categories
    from autotag_cli.input.files import display_name
    from autotag_cli.input.rules_file import rules_text
    from autotag_cli.labels.knowledge import known_labels, known_on
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.terminal.output import counted, note, print_error, print_json, printable

    if stored:
        refuse_beside("--stored", "which asks the stack for the labels", {"--seen": seen is not None})
    known = known_on(connect_ops(ctx, stack)) if stored else known_labels(seen)
    categories = known_categories()
    errors = warnings = 0
    unreadable = False
    for path in files:
        try:
            text = rules_text(path)
        except Invalid as error:
            print_error(str(error))
            unreadable = True
            continue
        checked = check_text(text, known, categories)
        errors += len(checked.errors)
        warnings += len(checked.warnings)
        if as_json:
            print_json(_record(display_name(path), checked, strict=strict))
        else:
            for sentence in sentences(display_name(path), checked):
                typer.echo(printable(sentence))
    if not as_json and (errors or warnings):
        note(f"{counted(errors, 'fault')}, {counted(warnings, 'warning')}")
    raise typer.Exit(2 if unreadable or errors or (strict and warnings) else 0)


def sentences(file: str, checked: "CheckedRules") -> list[str]:
    """Return a sentence for each error and warning of a file, and a last one that says so if the file is valid."""
    lines = [line for line, _ in checked.lines(file)]
    if checked.rules is not None:
        lines.append(f"{file}: valid: {checked.named}")
    return lines


def _record(file: str, checked: "CheckedRules", *, strict: bool) -> dict[str, Any]:
    def of_severity(severity: str) -> list[dict[str, Any]]:
        return [
            {
                "line": at.line,
                "column": at.column,
                "path": diagnostic.where,
                "found": diagnostic.found,
                "expected": diagnostic.expected,
                "suggestion": diagnostic.suggestion or None,
            }
            for at, diagnostic in checked.diagnostics
            if diagnostic.severity == severity
        ]

    return {
        "file": file,
        "valid": checked.rules is not None and not (strict and checked.warnings),
        "name": checked.rules.name if checked.rules else None,
        "version": checked.version or None,
        "empty": checked.rules is not None and not checked.sets_something,
        "faults": of_severity("error"),
        "warnings": of_severity("warning"),
    }
