"""The console of one stack, from its settings to its end."""

import secrets
import socket
from collections.abc import Callable
from typing import NamedTuple

import typer

from autotag_cli.console.caller import caller_of
from autotag_cli.console.delivery import delivery_of
from autotag_cli.console.desktop import is_desktop, open_browser
from autotag_cli.console.library_file import library_file, library_pages
from autotag_cli.console.server import ConsoleServer, listen
from autotag_cli.console.stack_ask import StackAsk
from autotag_cli.labels.knowledge import read_label_files
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.resolve import local_stack
from autotag_cli.stack.target import Target
from autotag_cli.terminal.output import note
from autotag_console.app import create_app
from autotag_console.guard.start_token import START
from autotag_console.pictures import Delivery
from autotag_console.settings import ConsoleSettings

_NAMES = ("127.0.0.1", "localhost", "[::1]")


class ConsoleOptions(NamedTuple):
    """The options of the command. ``port``: None is any free one; ``idle`` is in seconds, and as it was given.

    ``library``: None is the usual file, if there is one.
    """

    port: int | None
    opens: bool
    idle: float
    idle_text: str
    library: str | None = None


class Prepared(NamedTuple):
    """A console that is ready to serve on its ``listeners``; ``url`` opens it once."""

    server: ConsoleServer
    listeners: list[socket.socket]
    url: str


def prepare(
    environment: Environment, target: Target, options: ConsoleOptions, on_start: Callable[[str], None]
) -> Prepared:
    """Return the console of a stack. ``on_start`` is called with its address once it answers.

    Raises ``Invalid`` or ``Failure`` if it cannot begin.
    """
    delivery = _delivery(environment, target)
    library = library_file(options.library, target.stack)
    labels = read_label_files()
    listeners = listen(options.port)
    port = int(listeners[0].getsockname()[1])
    settings = ConsoleSettings(
        stack=target.stack,
        delivery=delivery,
        token=secrets.token_urlsafe(32),
        hosts=frozenset(f"{name}:{port}" for name in _NAMES),
        cookie_name=f"autotag-{port}",
        caller=caller_of(target, environment.post),
        library=library,
        seen=labels.names,
        listed=labels.imported,
        detected_categories=labels.seen.detected_categories if labels.seen else {},
    )
    ask = StackAsk(target, environment.post, lambda: _look_up_again(environment, target))
    url = f"http://127.0.0.1:{port}{START}?token={settings.token}"
    server = ConsoleServer(create_app(ask, settings, library_pages(library)), options.idle, lambda: on_start(url))
    return Prepared(server, listeners, url)


def run_console(environment: Environment, target: Target, options: ConsoleOptions) -> None:
    """Serve the console until it ends. Raises as ``prepare``."""

    def started(url: str) -> None:
        typer.echo(url)
        note(f"This address opens the console once. Ctrl-C ends it; so do {options.idle_text} without a request.")
        if options.opens and is_desktop(environment.variables):
            open_browser(url)

    server, listeners, _ = prepare(environment, target, options, started)
    server.serve_on(listeners)
    note(f"The console has ended{f' after {options.idle_text} without a request' if server.ended_idle else ''}.")


def _delivery(environment: Environment, target: Target) -> Delivery:
    """Return where pictures come from; those of a local stack come from its own Cloudinary."""
    local = local_stack(environment.folders) if target.endpoint_url else None
    if local and local.cloudinary_url and local.endpoint_url == target.endpoint_url:
        return delivery_of({"CLOUDINARY_URL": local.cloudinary_url})
    return delivery_of(environment.variables)


def _look_up_again(environment: Environment, target: Target) -> Target:
    """Return the target with credentials as they are now; an emulator refuses none."""
    return target if target.endpoint_url else environment.find(target.stack, environment.region, environment.profile)
