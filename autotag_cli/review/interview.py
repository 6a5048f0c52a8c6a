"""Asking a person about one tag after the other, on the terminal; what is shown goes to stderr."""

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import typer
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.review.questions import Question
from autotag.service.review.requests import Choice
from autotag_cli.review.image_url import picture
from autotag_cli.review.list_tags import gauge
from autotag_cli.review.questions import Asked, Queue, listed, read

if TYPE_CHECKING:
    from rich.console import Console

Key = Literal["accept", "reject", "skip", "undo", "quit"]

_KEYS: dict[str, Key] = {
    **{"a": "accept", "r": "reject", "s": "skip", "u": "undo"},
    **{"q": "quit", "\x04": "quit", "": "quit"},
}

_PATIENCE = 60.0
"""Seconds to wait until an answer that was sent is taken back: asked again before that, it would be answered twice."""


class Answers(Protocol):
    """Who takes answers, and takes them back."""

    def send(self, choices: list[Choice]) -> list[dict[str, Any]]:
        """Send answers, and return those that were queued."""
        ...

    def take_back(self, one: dict[str, Any], seconds: float) -> str:
        """Take back an answer that was queued, and return why that cannot be, or is not done in time."""
        ...


def interview(ops: Queue, answers: Answers, *, folder: str | None, tag: str | None, cloud: str) -> int:
    """Ask until nothing is left or the person ends; send the answers asset by asset, and return how many they were.

    Raises ``Invalid`` where there is no terminal.
    """
    from rich.console import Console

    talk = _Talk(Console(stderr=True, markup=False, highlight=False, emoji=False), answers, cloud)
    if all(talk.ask(read(one.answer)) for one in listed(ops, folder=folder, tag=tag)):
        talk.end()
    return talk.answered


class _Given(NamedTuple):
    """An answer that was sent, with its question."""

    asked: Asked
    question: Question
    sent: dict[str, Any]


class _Talk:
    """What is asked and answered in one go."""

    def __init__(self, out: "Console", answers: Answers, cloud: str) -> None:
        self.answered = 0
        self._out, self._answers, self._cloud = out, answers, cloud
        self._given: list[_Given] = []

    def ask(self, asked: Asked) -> bool:
        """Ask about all tags of an asset, then send the answers; False where the person ends."""
        choices: list[tuple[int, Choice]] = []
        n, going_on = 0, True
        while going_on and n < len(asked.tags):
            question = asked.tags[n]
            _show(self._out, asked, question, self._cloud)
            key = _key(self._out)
            if key == "undo" and choices:
                n = choices.pop()[0]  # it was not sent yet
            elif key == "undo":
                going_on = self._ask_again()
            elif key == "quit":
                going_on = False
            else:
                if key != "skip":
                    choices.append((n, Choice(asked.asset.asset_id, question.tag, key, asked.asset.version)))
                n += 1
        self._send(asked, [choice for _, choice in choices])
        return going_on

    def end(self) -> None:
        """Let the last answer be taken back, too, once nothing is left to be asked."""
        while self._given:
            self._out.print("\nNothing is left.")
            if _key(self._out, "u take back the last answer   q quit ", ("undo", "quit")) == "quit":
                return
            if not self._ask_again():
                return

    def _ask_again(self) -> bool:
        """Take back the last answer that was sent, and ask its question once more; False where the person ends."""
        if not self._given:
            self._out.print("There is no answer of yours to take back.")
            return True
        last = self._given[-1]
        self._out.print(f"Taking {last.question.tag} of {last.asked.asset.public_id} back …")
        why = self._answers.take_back(last.sent, _PATIENCE)
        if why:
            self._out.print(f"{last.question.tag} of {last.asked.asset.public_id} is not taken back: {why}")
            return True
        self._given.pop()
        self.answered -= 1
        return self.ask(replace(last.asked, tags=(last.question,)))

    def _send(self, asked: Asked, choices: list[Choice]) -> None:
        if not choices:
            return
        by_tag = {question.tag: question for question in asked.tags}
        self._given += [_Given(asked, by_tag[one["tag"]], one) for one in self._answers.send(choices)]
        self.answered += len(choices)


def _show(out: "Console", asked: Asked, question: Question, cloud: str) -> None:
    from autotag_cli.terminal.output import facts_table, plain

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


def _key(
    out: "Console",
    keys: str = "a accept   r reject   s skip   u take back   q quit ",
    among: tuple[Key, ...] = ("accept", "reject", "skip", "undo", "quit"),
) -> Key:
    """Return what the person presses, once it is one of the keys."""
    out.print(keys, end="")
    while True:
        try:
            pressed = typer.getchar().lower()
        except (EOFError, KeyboardInterrupt):
            pressed = ""
        except OSError as error:
            raise Invalid("terminal", "there is none to ask on: give the answers with --file") from error
        key = _KEYS.get(pressed)
        if key in among:
            out.print(key)
            return key
