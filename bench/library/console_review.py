"""A librarian's session with the console: questions answered by the keyboard alone, at a person's pace."""

import statistics
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import NamedTuple

from playwright.sync_api import expect

from autotag.service.rules.active import LIFE
from local.clients.ops import ops
from local.clients.tables import is_settled
from local.core.waiting import until
from local.stack.stack import Progress, Stack
from tests.browser.chromium import running_chromium
from tests.browser.conftest import keep
from tests.browser.console.deck import Deck
from tests.browser.key_times import start_measuring, times
from tests.browser.stack.console_process import running_console
from tests.browser.stack.library import ASKS, upload_pictures
from tests.browser.stack.scenes import draw

_LOOK = (0.5, 1.7)
"""Seconds for which a person looks at a picture before a key is pressed: evenly between these."""

_ACCEPTS = 0.6
"""The share of questions that are accepted."""

_WITHIN = 900.0
"""Seconds that a step of the stack may take."""


class Plan(NamedTuple):
    """How many pictures are uploaded, how many answers stand in the end, and how many more are taken back."""

    pictures: int
    questions: int
    undo: int


Met = tuple[str, str, str]
"""An answer: asset_id, tag, verdict."""


def push_asking_rules(stack: Stack, progress: Progress) -> None:
    """Push rules that ask people, and wait until each process of the stack uses them."""
    ops(stack).push_rules(ASKS, None)
    progress(f"waiting for {LIFE} seconds: so long a process may use the rules before")
    time.sleep(LIFE)


def run(stack: Stack, folder: Path, plan: Plan, progress: Progress) -> None:
    """Let the session happen on a stack, and print its figures."""
    push_asking_rules(stack, progress)
    with running_chromium(folder) as browser, running_console(stack, folder / "console.log") as console:
        progress(f"drawing and uploading {plan.pictures} pictures")
        upload_pictures(stack, draw(browser, plan.pictures), within=_WITHIN)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(console.start_url)
        keep(page, "session-start")
        page.goto(f"{console.url}/review")
        expect(page.locator("#deck")).to_have_attribute("data-state", "asking")
        page.wait_for_load_state("networkidle")
        progress(f"answering {plan.questions} questions, and taking {plan.undo} answers back")
        start_measuring(page)
        began = time.monotonic()
        answers = _session(Deck(page), plan)
        person = time.monotonic() - began
        expect(page.locator("#unsent")).to_have_attribute("data-unsent", "0", timeout=60_000)
        until(lambda: _audited(stack, answers)[1] == 0, "the answers to be carried out", within=_WITHIN, every=1)
        until(lambda: is_settled(stack), "the stack to be idle", within=_WITHIN, every=1)
        carried_out = time.monotonic() - began - person
        measured = sorted(times(page))
        keep(page, "session-end")
        page.goto(f"{console.url}/review/done")
        keep(page, "session-answers")
    who, missing = _audited(stack, answers)
    print(f"{plan.questions} answers stand, {plan.undo} more were taken back: {person:.0f} s of a person's time")
    print(f"all carried out {carried_out:.1f} s after the last key; answers without an audit: {missing}")
    for caller, number in who.most_common():
        print(f"  {number} recorded as {caller}")
    if measured:
        print(
            f"from a key to the next picture: median {statistics.median(measured):.0f} ms, worst {measured[-1]:.0f} ms"
        )


def _session(deck: Deck, plan: Plan) -> list[Met]:
    """Answer, and take answers back in between; return those that stand."""
    random, answers = Random(1), list[Met]()  # noqa: S311 (a pace, not a secret)
    every = max(1, plan.questions // max(1, plan.undo))
    undone = 0
    while len(answers) < plan.questions:
        deck.page.wait_for_timeout(1000 * random.uniform(*_LOOK))
        verdict = "accept" if random.random() < _ACCEPTS else "reject"
        ((asset, tag),) = deck.press(verdict[0])
        answers.append((asset, tag, verdict))
        if undone < plan.undo and len(answers) % every == every // 2 + 1 and len(answers) // every == undone:
            deck.page.wait_for_timeout(1000 * random.uniform(*_LOOK) * (4 if undone % 2 else 1))  # sent, or still held
            deck.press("z")
            answers.pop()
            undone += 1
    return answers


def _audited(stack: Stack, answers: list[Met]) -> tuple[Counter[str], int]:
    """Return by whom the answers are recorded in the audits, and how many are in none."""
    who, missing, client = Counter[str](), 0, ops(stack)
    audits = {asset: client.audits(asset, 100) for asset in {asset for asset, _, _ in answers}}
    for asset, tag, verdict in answers:
        verb = f"{verdict}ed by " if verdict == "accept" else "rejected by "
        reasons = [part for audit in audits[asset] for part in str(audit.get("reason", "")).split("; ")]
        found = [part for part in reasons if part.startswith(verb) and tag in part.partition(": ")[2].split(", ")]
        who.update([found[0].removeprefix(verb).partition(": ")[0]] if found else [])
        missing += not found
    return who, missing
