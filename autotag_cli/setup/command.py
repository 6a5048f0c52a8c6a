"""``autotag setup``: one command that makes a deployed stack work."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from autotag_cli.setup.console import options as console_options
from autotag_cli.stack.options import AsJson, Stack

if TYPE_CHECKING:
    from autotag_cli.setup.steps import SetupContext, SetupOptions, Step
    from autotag_cli.stack.environment import Environment


def setup(
    ctx: typer.Context,
    stack: Stack = None,
    signing_keys: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|-",
            help="More keys that may sign notifications, one ID:SECRET per line; - is stdin, or a prompt.",
            show_default="$AUTOTAG_NOTIFICATION_SECRETS=ID:SECRET,...",
        ),
    ] = None,
    withdraw: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A key that may no longer sign notifications; repeatable.")
    ] = None,
    dedicated: Annotated[
        bool | None,
        typer.Option(
            "--writer-key-dedicated/--writer-key-shared",
            help="Whether only autotag calls Cloudinary with this API key.",
            show_default="unchanged",
        ),
    ] = None,
    keeps_tags: Annotated[
        bool | None,
        typer.Option(
            "--tags-kept/--tags-cleared",
            help="Whether the account keeps the tags of an overwritten image (a Media Library preference).",
            show_default="tested by overwriting a tiny image",
        ),
    ] = None,
    additive: Annotated[
        bool | None,
        typer.Option(
            "--additive/--not-additive",
            help="Whether uploads with a notification_url of their own are reported to this stack, too.",
            show_default="unchanged",
        ),
    ] = None,
    old_url: Annotated[
        list[str] | None,
        typer.Option(
            metavar="URL", help="The webhook of a removed stack, whose triggers will point to this one; repeatable."
        ),
    ] = None,
    preset: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="An upload preset that the rules' add-ons are added to, as categorization; repeatable."
        ),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Delete the triggers and empty the secret.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and change nothing.")] = False,
    probe: Annotated[
        bool,
        typer.Option("--probe/--no-probe", help="Send tiny images: one to overwrite, one through the whole chain."),
    ] = True,
    wait: Annotated[
        float | None, typer.Option(min=1, metavar="SECONDS", help="How long the probe may take.", show_default="90")
    ] = None,
    console: console_options.Console = False,
    issuer: console_options.Issuer = None,
    client_id: console_options.ClientId = None,
    client_secret: console_options.ClientSecret = None,
    role: console_options.Roles = None,
    groups_claim: console_options.GroupsClaim = None,
    scope: console_options.Scope = None,
    discovery: console_options.Discovery = None,
    sign_pictures: console_options.SignPictures = None,
    sign_out_everyone: console_options.SignOutEveryone = False,
    as_json: AsJson = False,
) -> None:
    """Store the credentials of $CLOUDINARY_URL in the stack, create its notification triggers, and test the chain.

    It also overwrites a tiny image, to learn and store whether the account keeps the tags of overwritten images.
    Repeating it changes nothing. No secret is ever printed. Exit code 1: it failed, or a link of the chain did.
    """
    from autotag_cli.command_line.combinations import refuse_beside
    from autotag_cli.setup.intake.signing_keys import read_signing_keys
    from autotag_cli.setup.steps import SetupOptions
    from autotag_cli.stack.environment import environment_of

    chosen = {
        _switch("writer-key-dedicated", "writer-key-shared", dedicated): dedicated is not None,
        _switch("tags-kept", "tags-cleared", keeps_tags): keeps_tags is not None,
        _switch("additive", "not-additive", additive): additive is not None,
        "--signing-keys": signing_keys is not None,
        "--withdraw": bool(withdraw),
        "--preset": bool(preset),
        "--no-probe": not probe,
    }
    of_console = console_options.ConsoleOptions(
        issuer, client_id, client_secret, tuple(role or ()), groups_claim, scope, discovery, sign_pictures,
        sign_out_everyone,
    )  # fmt: skip
    if console:
        others = {**chosen, "--old-url": bool(old_url), "--remove": remove, "--wait": wait is not None}
        refuse_beside("--console", "which sets up the console alone", others)
        _set_up_console(ctx, stack, of_console, dry_run=dry_run, as_json=as_json)
        return
    of_console.refuse_alone()
    if remove:
        refuse_beside("--remove", "which deletes the triggers and empties the secret", chosen)
    if remove or dry_run or not probe:
        option = "--remove" if remove else "--dry-run" if dry_run else "--no-probe"
        refuse_beside(option, "which sends no picture through the chain", {"--wait": wait is not None})
    environment = environment_of(ctx)
    signing = {} if remove else read_signing_keys(environment.variables, signing_keys)
    options = SetupOptions(
        dry_run,
        additive,
        dedicated,
        signing,
        tuple(withdraw or ()),
        tuple(old_url or ()),
        keeps_tags,
        tuple(preset or ()),
    )
    context = _connect(environment, stack, changes=not dry_run)
    results = _remove(context, options) if remove else _set_up(context, options, wait, probe=probe)
    _report(context.target.stack, results, as_json=as_json)


def _report(stack: str, results: Iterable["Step"], *, as_json: bool) -> None:
    """Print each step as it ends; raise ``typer.Exit`` if one failed."""
    from autotag_cli.setup.step_view import print_step
    from autotag_cli.terminal.output import print_json

    steps = []
    for step in results:
        steps.append(step)
        if not as_json:
            print_step(step)
    if as_json:
        changed = any(step.state == "done" and step.name not in ("door", "probe") for step in steps)
        print_json({"stack": stack, "changed": changed, "steps": [step.record() for step in steps]}, indent=2)
    if any(step.state == "failed" for step in steps):
        raise typer.Exit(1)


def _set_up_console(
    ctx: typer.Context, stack: str | None, given: console_options.ConsoleOptions, *, dry_run: bool, as_json: bool
) -> None:
    from autotag_cli.setup.console.run import set_up_console
    from autotag_cli.stack.environment import environment_of
    from autotag_cli.stack.resolve import resolve

    environment = environment_of(ctx)
    target = resolve(stack, environment, changes=not dry_run)
    _report(target.stack, [set_up_console(environment, target, given, dry_run=dry_run)], as_json=as_json)


def _switch(on: str, off: str, value: bool | None) -> str:
    """Return the option that was given of a pair of switches."""
    return f"--{off if value is False else on}"


def _connect(environment: "Environment", stack: str | None, *, changes: bool) -> "SetupContext":
    from autotag_cli.cloudinary.account import account_of
    from autotag_cli.cloudinary.client import CloudinaryClient
    from autotag_cli.setup.secret_store import open_secret_store
    from autotag_cli.setup.steps import SetupContext
    from autotag_cli.setup.triggers import Triggers
    from autotag_cli.stack.ops_client import OpsClient
    from autotag_cli.stack.resolve import resolve

    target = resolve(stack, environment, changes=changes)
    client = CloudinaryClient(account_of(environment.variables), adapter=environment.cloudinary)
    return SetupContext(
        environment,
        target,
        client,
        OpsClient(target, environment.post),
        open_secret_store(environment, target),
        Triggers(client),
    )


def _set_up(context: "SetupContext", options: "SetupOptions", wait: float | None, *, probe: bool) -> "Iterator[Step]":
    from autotag_cli.setup.intake.trigger_steps import update_triggers
    from autotag_cli.setup.overwrite_probe import check_overwrites
    from autotag_cli.setup.preset_step import categorize_preset
    from autotag_cli.setup.steps import check_account, compose_secret, store_secret
    from autotag_cli.setup.verify_steps import check_webhook, send_probe
    from autotag_cli.terminal.output import note

    yield check_account(context)
    document = compose_secret(
        context, options, context.secret_store.read()[0]
    )  # raises for another cloud, before an image is sent there
    tested = check_overwrites(context, options, document, probe=probe)
    yield store_secret(context, options, tested.keeps_tags)
    yield tested.step
    yield from update_triggers(context, options)
    for name in options.presets:
        yield categorize_preset(context, options, name)
    if options.dry_run:
        return
    webhook = check_webhook(context)
    yield webhook
    if probe and webhook.state != "failed":
        note("Sending a tiny image through the whole chain.")
        yield send_probe(context, wait)


def _remove(context: "SetupContext", options: "SetupOptions") -> "Iterator[Step]":
    from autotag_cli.setup.intake.trigger_steps import delete_triggers
    from autotag_cli.setup.steps import empty_secret
    from autotag_cli.terminal.output import note

    note(_removal(context, dry_run=options.dry_run))
    yield from delete_triggers(context, options)
    yield empty_secret(context, options)


def _removal(context: "SetupContext", *, dry_run: bool) -> str:
    """Return what is about to be removed from which stack: sentences without a secret."""
    from autotag_cli.setup.destinations import destinations_of
    from autotag_cli.setup.secret_document import signing_secrets

    document, _ = context.secret_store.read()
    places = " and ".join(destination.uri for destination in destinations_of(context.target.outputs))
    keys = ", ".join(dict.fromkeys([*filter(None, [document.get("api_key")]), *signing_secrets(document)]))
    held = f"the secrets of the keys {keys}" if keys else "no key"
    verb = "Would remove" if dry_run else "Removing"
    return (
        f"{verb} from the stack {context.target.stack}: the triggers that lead to {places}, and what its secret holds, "
        f"{held}. Notifications are refused until autotag setup makes both again."
    )
