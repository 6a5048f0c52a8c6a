"""Asking a person about one tag after the other, on the terminal; what is shown goes to stderr."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

import typer

from autotag.domain.errors import Invalid
from autotag.service.reviewing import Choice
from cli.review.listing import gauge
from cli.review.picture import picture
from cli.review.questions import Asked, Queue, listed, read

if TYPE_CHECKING:
    from rich.console import Console

    from autotag.domain.asking import Question

Key = Literal["accept", "reject", "skip", "quit"]

_KEYS: dict[str, Key] = {"a": "accept", "r": "reject", "s": "skip", "q": "quit", "\x04": "quit", "": "quit"}


def interview(
    ops: Queue, send: Callable[[Sequence[Choice]], None], *, folder: str | None, tag: str | None, cloud: str
) -> int:
    """Ask until nothing is left or the person ends; send the answers asset by asset, and return how many they were.

    Raises ``Invalid`` where there is no terminal.
    """
    from rich.console import Console

    out = Console(stderr=True, markup=False, highlight=False, emoji=False)
    answers = 0
    for one in listed(ops, folder=folder, tag=tag):
        choices, ended = _ask(out, read(one.answer), cloud)
        if choices:
            send(choices)
        answers += len(choices)
        if ended:
            break
    return answers


def _ask(out: "Console", asked: Asked, cloud: str) -> tuple[list[Choice], bool]:
    choices: list[Choice] = []
    for question in asked.tags:
        _show(out, asked, question, cloud)
        key = _key(out)
        if key == "quit":
            return choices, True
        if key != "skip":
            choices.append(Choice(asked.asset.asset_id, question.tag, key, asked.asset.version))
    return choices, False


def _show(out: "Console", asked: Asked, question: "Question", cloud: str) -> None:
    from cli.output import facts_table, plain

    url = picture(cloud, asked)
    labels = ", ".join(f"{found.label} {found.confidence:.4f}" for found in question.labels)
    bar = "" if question.review is None else f", from {question.review:g} on a person is asked"
    rows = [
        ("asset", plain(asked.asset.public_id, "bold")),
        ("tag", plain(question.tag, "bold yellow")),
        ("confidence", gauge(out, question)),
        *([("labels", plain(labels))] if labels else []),
        ("reason", plain(f"{question.because}{bar}", "dim")),
        ("since", plain(asked.since, "dim")),
    ]
    out.print()
    if url:
        out.print(plain(url, "underline"), soft_wrap=True)  # in one piece, so that a terminal opens it
    out.print(facts_table(rows))


def _key(out: "Console") -> Key:
    """Return what the person presses, once it is one of the keys."""
    out.print("a accept   r reject   s skip   q quit ", end="")
    while True:
        try:
            pressed = typer.getchar().lower()
        except (EOFError, KeyboardInterrupt):
            pressed = ""
        except OSError as error:
            raise Invalid("terminal", "there is none to ask on: give the answers with --file") from error
        key = _KEYS.get(pressed)
        if key is not None:
            out.print(key)
            return key
