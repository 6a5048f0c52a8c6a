"""An interview on the terminal about one tag after the other; its output goes to stderr."""

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import typer
from msgspec.structs import replace

from autotag.domain.errors import Invalid
from autotag.domain.review.questions import Question
from autotag.domain.sentences.questions import explain_question
from autotag.service.review.requests import Choice
from autotag_cli.review.image_url import image_url
from autotag_cli.review.list_tags import question_confidence
from autotag_cli.review.questions import AssetQuestions, ReviewQueue, queued_assets, read_questions

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Key = Literal["accept", "reject", "skip", "undo", "quit"]

_KEYS: dict[str, Key] = {
    **{"a": "accept", "r": "reject", "s": "skip", "u": "undo"},
    **{"q": "quit", "\x04": "quit", "": "quit"},
}

_PATIENCE = 60.0
"""Seconds to wait until a sent answer is taken back: asked again before that, a question would be answered twice."""


class Answers(Protocol):
    """A client that sends answers and takes them back."""

    def send(self, choices: list[Choice]) -> list[dict[str, Any]]:
        """Send answers, and return those that were queued."""
        ...

    def take_back(self, answer: dict[str, Any], seconds: float) -> str:
        """Take back a queued answer; return why that is not possible or not done in time, or ""."""
        ...


def interview(ops: ReviewQueue, answers: Answers, *, folder: str | None, tag: str | None, images: str) -> int:
    """Ask until no question is left or the reviewer quits; send answers asset by asset, and return their number.

    ``images`` is the beginning of the URLs of images, "" if it is not known. Raises ``Invalid`` without a terminal.
    """
    from rich.console import Console

    session = _Session(Console(stderr=True, markup=False, highlight=False, emoji=False), answers, images)
    if all(session.ask(read_questions(asset.answer)) for asset in queued_assets(ops, folder=folder, tag=tag)):
        session.end()
    return session.answered


class _SentAnswer(NamedTuple):
    """An answer that was sent, with its question."""

    questions: AssetQuestions
    question: Question
    sent: dict[str, Any]


class _Session:
    """One session of questions and answers."""

    def __init__(self, out: "Console", answers: Answers, images: str) -> None:
        self.answered = 0
        self._out, self._answers, self._images = out, answers, images
        self._sent: list[_SentAnswer] = []

    def ask(self, questions: AssetQuestions) -> bool:
        """Ask about all tags of an asset, then send the answers; return False if the reviewer quits."""
        choices: list[tuple[int, Choice]] = []
        n, going_on = 0, True
        while going_on and n < len(questions.tags):
            question = questions.tags[n]
            _show(self._out, questions, question, self._images)
            key = _key(self._out)
            if key == "undo" and choices:
                n = choices.pop()[0]  # the answer was not sent yet
            elif key == "undo":
                going_on = self._ask_last_again()
            elif key == "quit":
                going_on = False
            else:
                if key != "skip":
                    choices.append((n, Choice(questions.asset.asset_id, question.tag, key, questions.asset.version)))
                n += 1
        self._send(questions, [choice for _, choice in choices])
        return going_on

    def end(self) -> None:
        """Offer to take back the last answers once no question is left."""
        while self._sent:
            self._out.print("\nNo question is left.")
            if _key(self._out, "u take back the last answer   q quit ", ("undo", "quit")) == "quit":
                return
            if not self._ask_last_again():
                return

    def _ask_last_again(self) -> bool:
        """Take back the last sent answer, and ask its question again; return False if the reviewer quits."""
        if not self._sent:
            self._out.print("There is no answer to take back.")
            return True
        last = self._sent[-1]
        self._out.print(f"Taking {last.question.tag} of {last.questions.asset.public_id} back …")
        why = self._answers.take_back(last.sent, _PATIENCE)
        if why:
            self._out.print(f"{last.question.tag} of {last.questions.asset.public_id} was not taken back: {why}")
            return True
        self._sent.pop()
        self.answered -= 1
        return self.ask(replace(last.questions, tags=(last.question,)))

    def _send(self, questions: AssetQuestions, choices: list[Choice]) -> None:
        if not choices:
            return
        by_tag = {question.tag: question for question in questions.tags}
        self._sent += [_SentAnswer(questions, by_tag[answer["tag"]], answer) for answer in self._answers.send(choices)]
        self.answered += len(choices)


def _show(out: "Console", questions: AssetQuestions, question: Question, images: str) -> None:
    from autotag_cli.terminal.output import facts_table, plain

    url = image_url(images, questions)
    labels = ", ".join(f"{found.label} {found.confidence:.4f}" for found in question.labels)
    rows = [
        ("asset", plain(questions.asset.public_id, "bold")),
        ("tag", plain(question.tag, "bold yellow")),
        ("confidence", question_confidence(out, question)),
        *([("labels", plain(labels))] if labels else []),
        ("reason", _reason(questions, question)),
        ("since", plain(questions.since, "dim")),
    ]
    out.print()
    if url:
        out.print(plain(url, "underline"), soft_wrap=True)  # in one piece, so that a terminal opens it
    out.print(facts_table(rows))


def _reason(questions: AssetQuestions, question: Question) -> "Text":
    from autotag_cli.terminal.output import plain

    if question.sample:
        return plain(explain_question(question, is_there=questions.has(question)).text, "bold")
    bar = "" if question.review is None else f", from {question.review:g} on a reviewer is asked"
    return plain(f"{question.because}{bar}", "dim")


def _key(
    out: "Console",
    keys: str = "a accept   r reject   s skip   u take back   q quit ",
    among: tuple[Key, ...] = ("accept", "reject", "skip", "undo", "quit"),
) -> Key:
    """Return the key that the reviewer presses; keys not in ``among`` are ignored."""
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
