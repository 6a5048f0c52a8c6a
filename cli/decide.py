"""``autotag decide``: offline, which tags, and why each label did or did not become one."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from cli.offline import Offline

_FAILED = ("pending", "failed", "timed_out")
_LABELS_ONLY = (
    "An info notification tells no folder, format, context or tags: the folder was taken from the public_id; "
    "tell the rest with --folder, --format, --context and --tag."
)


def decide(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|-",
            help="An upload or update answer, an Admin resource, or an upload or info notification; - is stdin.",
        ),
    ],
    rules: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The rules to decide by.", show_default="the shipped default.toml"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, one for each input, in the audit's shape.")
    ] = False,
    public_id: Annotated[str | None, typer.Option(help="The asset's public_id, over the input's.")] = None,
    folder: Annotated[str | None, typer.Option(help="The asset's folder, over the input's.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="The asset's format such as jpg, over the input's.")
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", help="A tag that is on the asset already; repeatable.")
    ] = None,
    context: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Contextual metadata of the asset; repeatable.")
    ] = None,
) -> None:
    """Decide offline which labels become tags, and say why.

    Nothing is read from or written to Cloudinary or AWS; the deployed service decides the same.
    Exit code 1: categorization failed or is still pending.
    """
    from autotag.domain.errors import Invalid
    from cli.files import read_bytes, title
    from cli.inputs import Told, parse
    from cli.offline import decide_offline, record
    from cli.output import complain, console, note, print_json
    from cli.rules_file import load_rules

    told = Told(public_id, folder, format_, tuple(tags or ()), tuple(map(_pair, context or ())))
    rulebook = load_rules(rules)
    exit_code = 0
    for i, path in enumerate(files):
        raw = read_bytes(path)
        try:
            asked = parse(raw, told)
        except Invalid as error:
            complain(str(Invalid(": ".join(filter(None, (title(path), error.where))), error.expected)))
            exit_code = 2
            continue
        offline = decide_offline(asked.message, rulebook)
        if as_json:
            print_json(record(offline))
        else:
            _show(console(), title(path), offline, first=i == 0)
            if offline.decision and not asked.has_facts:
                note(_LABELS_ONLY)
        if offline.outcome in _FAILED:
            exit_code = max(exit_code, 1)
    raise typer.Exit(exit_code)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise typer.BadParameter(f"{text!r}: expected KEY=VALUE", param_hint="--context")
    return key, value


def _show(console: "Console", source: str, offline: "Offline", *, first: bool) -> None:
    from rich.text import Text

    from cli.labels import label_table
    from cli.output import facts_table, plain

    audit, decision = offline.audit, offline.decision
    name = audit.asset.public_id or audit.asset.asset_id
    title = plain(name or source, "bold")
    if name:
        title = Text.assemble(title, plain(f"  {source}", "dim"))
    rules = f"rules {audit.rules.name} {audit.rules.version[:12]}{', dry run' if audit.mode == 'dry_run' else ''}"
    if not first:
        console.print()
    console.print(Text.assemble(title, plain(f"  {rules}", "dim")), soft_wrap=True)
    if audit.labels:
        console.print()
        console.print(label_table(console, audit.labels))
    console.print()
    rows = [("outcome", plain(offline.outcome.replace("_", " "), "bold red" if offline.outcome in _FAILED else "bold"))]
    if isinstance(audit.reason, str):
        rows.append(("reason", plain(audit.reason)))
    if decision and not decision.skip:
        rows.append(("tags", plain(", ".join(decision.tags), "green") if decision.tags else plain("none", "dim")))
        if decision.present:
            there = "all of them" if decision.present == decision.tags else ", ".join(decision.present)
            rows.append(("on the asset", plain(there)))
        if decision.review:
            rows.append(("to review", plain(", ".join(decision.review), "yellow")))
    console.print(facts_table(rows))
