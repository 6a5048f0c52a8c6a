"""``python -m local up|down|demo|soak|library|outage|invoke EVENT|sample|release``."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Literal, NoReturn

import requests
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape

from local.clients.cloudinary import account_url
from local.commands import up as persistent_stack
from local.commands.invoke import invoke as invoke_event
from local.commands.invoke import with_decoded_body
from local.commands.sample import LABELS_AT_ONCE, LABELS_LATER, upload_samples
from local.core.errors import LocalError
from local.core.paths import PROJECT
from local.stack.stack import Stack

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
Intake = Literal["webhook", "poll", "both"]
Provider = Literal["aws_rek_tagging", "rekognition"]
CONSOLE = ".venv/bin/autotag console"
"""The command that opens the console of the running local stack."""

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def progress(step: str) -> None:
    """Print the step that begins now."""
    console.print(f"[dim]{escape(step)}[/dim]")


@app.command()
def up() -> None:
    """Start the local stack and leave it running."""
    stack = persistent_stack.start_if_needed(progress)
    console.print(f"webhook     {stack.outputs['WebhookUrl']}", soft_wrap=True)
    console.print(f"cloudinary  {stack.simulator_url}  (simulated)", soft_wrap=True)
    console.print(f"aws         {stack.endpoint_url}  (emulated)", soft_wrap=True)
    console.print(f"console     {CONSOLE}  (prints an address for your browser)", soft_wrap=True)
    console.print(f"\nTry next:  [bold].venv/bin/autotag audits {LABELS_LATER}[/bold]")
    console.print("Call the simulated Cloudinary, as docs/uploading.md shows, after this line:")
    console.print(f"[bold]export CLOUDINARY_URL='{escape(account_url(stack.simulator_url))}'[/bold]", soft_wrap=True)
    console.print("Stop it:   [bold]make down[/bold]")


@app.command()
def down() -> None:
    """Stop the local stack."""
    console.print("The local stack is stopped." if persistent_stack.stop() else "The local stack is not up.")


@app.command()
def demo(intake: Intake = "webhook", provider: Provider = "aws_rek_tagging") -> None:
    """Run the whole system on a stack of its own, show the results, and check them."""
    from local.demo.demo import run_demo

    succeeded = run_demo(console, progress, intake, provider)
    console.print(f"Look at pictures and answer questions:  [bold]make up && {CONSOLE}[/bold]", soft_wrap=True)
    raise typer.Exit(0 if succeeded else 1)


@app.command()
def soak(n: int = 2000, seed: int = 1) -> None:
    """Send N notifications despite faults and killed processes, and count what is lost, duplicated or left."""
    from local.stress.soak import soak as run_soak

    raise typer.Exit(0 if run_soak(n, seed, console, progress) else 1)


@app.command()
def library(n: int = 2000, lost: int = 500, limit: int = 500, seed: int = 1) -> None:
    """Retag, revert and backfill N assets while processes are killed, and check every tag of them."""
    from local.stress.library import LibrarySizes
    from local.stress.library import library as run_library

    raise typer.Exit(0 if run_library(LibrarySizes(n, lost, limit), seed, console, progress) else 1)


@app.command()
def outage(n: int = 500, seconds: float = 600) -> None:
    """Let Cloudinary hang while N notifications arrive, and count what is lost, doubled or left, and receives used."""
    from local.stress.outage import Outage
    from local.stress.outage import outage as run_outage

    raise typer.Exit(0 if run_outage(Outage(n, seconds), console, progress) else 1)


@app.command()
def invoke(event: Path) -> None:
    """Call the deployed function that handles the event in a file."""
    function, result = invoke_event(_required_stack(), event)
    if result.error:
        errors.print(f"[red]{function} failed ({result.error}):[/red]")
    else:
        console.print(f"{function} answered:")
    console.print_json(data=with_decoded_body(result.payload))
    raise typer.Exit(1 if result.error else 0)


@app.command()
def sample() -> None:
    """Upload the two sample assets again."""
    upload_samples(_required_stack())
    console.print(f"uploaded {LABELS_AT_ONCE} and {LABELS_LATER}")


@app.command()
def release(tag: str = "") -> None:
    """Build what a release publishes into dist/: the command's wheel, the built stack, and their checksums."""
    from local.commands.release import build_release

    for file in build_release(PROJECT / "dist", tag, progress):
        console.print(str(file.relative_to(PROJECT)), soft_wrap=True)


def _required_stack() -> Stack:
    if stack := persistent_stack.running_stack():
        return stack
    raise LocalError("The local stack is not up: run `make up` first.")


def _exit_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def main() -> None:
    """Run one command. Every failure is one sentence on stderr and exit code 1."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit_on_signal)  # so that a running stack is stopped before the exit
    try:
        app()
    except (LocalError, requests.RequestException, BotoCoreError, ClientError) as error:
        errors.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
