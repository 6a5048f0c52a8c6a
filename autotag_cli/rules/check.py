"""``autotag rules check``: every fault of a rules file, with its line."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from autotag_cli.rules.diagnostics import Checked


def check(
    files: Annotated[list[str], typer.Argument(metavar="FILE|-", help="Rules files; - is stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, one for each file.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings, too.")] = False,
) -> None:
    """Report what is wrong with rules files: a sentence for each fault, with its line and key path.

    The service refuses rules with a fault. A warning marks what is probably a mistake.
    Exit code 2: there are faults (or warnings, with --strict).
    """
    from autotag.domain.errors import Invalid
    from autotag_cli.input.files import display_name
    from autotag_cli.input.rules_file import rules_text
    from autotag_cli.rules.diagnostics import checked
    from autotag_cli.terminal.output import counted, note, print_error, print_json, printable

    faults = warnings = 0
    unreadable = False
    for path in files:
        try:
            text = rules_text(path)
        except Invalid as error:
            print_error(str(error))
            unreadable = True
            continue
        found = checked(text)
        faults += len(found.faults)
        warnings += len(found.warnings)
        if as_json:
            print_json(_object(display_name(path), found, strict=strict))
        else:
            for sentence in sentences(display_name(path), found):
                typer.echo(printable(sentence))
    if not as_json and (faults or warnings):
        note(f"{counted(faults, 'fault')}, {counted(warnings, 'warning')}")
    raise typer.Exit(2 if unreadable or faults or (strict and warnings) else 0)


def sentences(file: str, found: "Checked") -> list[str]:
    """Return a sentence for each fault and warning of a file, and a last one that says so if the file is valid."""
    lines = [
        f"{file}:{at.line}: {'warning: ' if fault.severity == 'warning' else ''}{fault.sentence}"
        for at, fault in found.in_order
    ]
    if found.rules is not None:
        lines.append(f"{file}: valid: rules {found.rules.name}, version {found.version[:12]}")
    return lines


def _object(file: str, found: "Checked", *, strict: bool) -> dict[str, Any]:
    def of_severity(severity: str) -> list[dict[str, Any]]:
        return [
            {
                "line": at.line,
                "column": at.column,
                "path": fault.where,
                "found": fault.found,
                "expected": fault.expected,
                "suggestion": fault.suggestion or None,
            }
            for at, fault in found.in_order
            if fault.severity == severity
        ]

    return {
        "file": file,
        "valid": found.rules is not None and not (strict and found.warnings),
        "name": found.rules.name if found.rules else None,
        "version": found.version or None,
        "faults": of_severity("fault"),
        "warnings": of_severity("warning"),
    }
